package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.servlet.Container.Quirk;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyListTest extends ManagementTest {

    private static final String PARAMETERS =
            "the query must have no parameters but status, owner, created_by, environment,"
                    + " scope, name, q, hint, attribute, created_from, created_before, last_used_from, last_used_before,"
                    + " expires_from, expires_before, order, limit and cursor";
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    @Test
    void keyIsReadWithUsageAndRevocation() {
        IssuedKey issued = expiringIn(Duration.ofHours(2));
        keys.clock().advance(Duration.ofHours(1));
        apiKeys.verify(issued.secret().reveal(), Scope.of("read:people"));
        apiKeys.verify(issued.secret().reveal());
        north.reports().unusedScopes();
        keys.clock().advance(Duration.ofMillis(1));
        assertThat(get("/" + issued.key().id()).body()).doesNotContain("revo");
        send("POST", "/revoke", "{\"ids\":[\"" + issued.key().id() + "\"],\"reason\":\"it \\\"leaked\\\"\"}");
        assertThat(get("/" + issued.key().id()).body())
                .isEqualTo("{" + plain(issued.key()) + ",\"expires_at\":" + (NOW + 2 * HOUR) + ",\"last_used_at\":"
                        + (NOW + HOUR) + ",\"version\":2,\"created_by\":\"person:admin of north\",\"use_count\":2,"
                        + "\"used_scopes\":[\"read:people\"],\"revoked_at\":" + (NOW + HOUR + 1)
                        + ",\"revoked_by\":\"person:ada\",\"revocation_reason\":\"it \\\"leaked\\\"\"}");
    }

    @Test
    void emptyReasonIsOmitted() {
        IssuedKey issued = keys.active("north");
        send("DELETE", "/" + issued.key().id(), "");
        assertThat(get("/" + issued.key().id()).body())
                .contains("\"revoked_by\":\"person:ada\"")
                .doesNotContain("reason");
    }

    @Test
    void plainListAddsOnlyMembersWithAValue() {
        IssuedKey issued = keys.active("north");
        apiKeys.verify(issued.secret().reveal());
        north.reports().unusedScopes();
        assertThat(get("").body()).isEqualTo("[{" + plain(issued.key()) + ",\"last_used_at\":" + NOW + "}]");
        assertThat(get("/" + id(issued)).body()).endsWith(",\"use_count\":1}");
    }

    @Test
    void headHasTheHeadersOfGetWithoutABody() {
        IssuedKey issued = keys.active("north");
        for (String below : List.of("", "/" + issued.key().id(), "?limit=1", "/reports/unused?days=0")) {
            Reply head = send("HEAD", below, "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Length"))
                    .isEqualTo("" + get(below).body().length());
        }
    }

    @Test
    void statusSelectsKeys() {
        String expired = id(keys.expired("north"));
        String active = id(keys.active("north"));
        String revoked = id(keys.revoked("north"));
        keys.active("south");
        assertThat(ids(get("?status=active"))).containsExactly(active);
        assertThat(ids(get("?status=revoked"))).containsExactly(revoked);
        assertThat(ids(get("?status=expired"))).containsExactly(expired);
        assertThat(ids(get("?status=all"))).containsExactly(expired, active, revoked);
        assertThat(ids(get("?limit=5"))).containsExactly(active);
    }

    @Test
    void pageHasKeysInFull() {
        IssuedKey issued = keys.active("north");
        assertThat(get("?status=all").body())
                .isEqualTo("[" + get("/" + id(issued)).body() + "]");
        assertThat(get("?status=revoked").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {"?limit=1", "?limit=2", "?limit=3", "?limit=7", "?status=all&limit=3"})
    void linksLeadThroughAllPages(String query) {
        List<String> issued = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            issued.add(id(keys.active("north")));
            keys.active("south");
        }
        int limit = Integer.parseInt(query.replaceFirst(".*limit=", ""));
        List<String> seen = new ArrayList<>();
        Reply page = get(query);
        while (!page.header("Link").isEmpty()) {
            assertThat(ids(page)).hasSize(limit);
            seen.addAll(ids(page));
            assertThat(issued).startsWith(seen.toArray(String[]::new));
            page = follow(page);
        }
        assertThat(ids(page)).hasSize(7 - seen.size());
        seen.addAll(ids(page));
        assertThat(seen).isEqualTo(issued);
    }

    @Test
    void linkKeepsTheStatus() {
        for (int i = 0; i < 3; i++) {
            keys.active("north");
            keys.revoked("north");
        }
        Reply second = follow(get("?status=revoked&limit=2"));
        assertThat(ids(second)).hasSize(1);
        assertThat(second.body()).contains("revoked_at");
    }

    @Test
    @Tag("long")
    void defaultPageHasAHundredKeys() {
        for (int i = 0; i < 101; i++) {
            keys.active("north");
        }
        Reply first = get("?status=active");
        assertThat(ids(first)).hasSize(100);
        assertThat(ids(follow(first))).hasSize(1);
        assertThat(ids(get("?limit=1000"))).hasSize(101);
        assertThat(get("?limit=1000").header("Link")).isEmpty();
    }

    @Test
    void linkIsRelativeToTheRequest() {
        keys.active("north");
        keys.active("north");
        try (TestBackend otherPath = TestBackend.managingIn("/büro", "/schlüssel bund/<x>", apiKeys)) {
            String path = "/b%C3%BCro/schl%C3%BCssel%20bund/%3Cx%3E";
            Reply reply = new RawHttpClient(otherPath)
                    .get(path + "?limit=1&status=%61ll", "Authorization: Bearer " + TestBackend.ADMIN);
            assertThat(reply.header("Link")).startsWith("<?limit=1&status=all&cursor=");
            Reply second =
                    new RawHttpClient(otherPath).get(path + next(reply), "Authorization: Bearer " + TestBackend.ADMIN);
            assertThat(ids(second)).hasSize(1);
        }
    }

    @Test
    void linkWorksBehindAProxyThatStripsAPrefix() {
        keys.active("north");
        keys.active("north");
        URI first = URI.create("https://example.org/districts/api/keys?limit=1");
        Reply page = throughProxy(first);
        assertThat(ids(page)).hasSize(1);
        URI second = URI.create(first.toString().replaceFirst("\\?.*", "") + next(page));
        assertThat(ids(throughProxy(second))).hasSize(1).doesNotContainAnyElementsOf(ids(page));
    }

    /** Sends a request as a proxy would that serves the back end below {@code /districts}. */
    private Reply throughProxy(URI uri) {
        assertThat(uri.getRawPath()).startsWith("/districts/");
        return client.get(
                uri.getRawPath().substring("/districts".length()) + "?" + uri.getRawQuery(),
                "Authorization: Bearer " + TestBackend.ADMIN);
    }

    @Test
    void cursorOfAnotherDistrictOrListIsRejected() {
        keys.active("north");
        keys.active("north");
        String query = next(get("?status=all&limit=1")).substring(1);
        assertThat(get("?" + query).status()).isEqualTo(200);
        String sentence = error("cursor must be one that a page of this list ended with");
        for (Reply rejected : List.of(
                as(TestBackend.SOUTH, "GET", "?" + query, ""),
                get("?" + query.replace("all", "active")),
                get("?" + query.replace("all", "expired")),
                get("?" + query + "x"),
                get("?cursor=x"))) {
            assertThat(rejected.status()).isEqualTo(400);
            assertThat(rejected.body()).isEqualTo(sentence);
        }
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource(
            delimiter = '|',
            value = {
                "?status=|status must be active, suspended, revoked, expired or all",
                "?status|status must be active, suspended, revoked, expired or all",
                "?status=ALL|status must be active, suspended, revoked, expired or all",
                "?status=SENT|status must be active, suspended, revoked, expired or all",
                "?limit=0|limit must be a number from 1 to 1000",
                "?limit=1001|limit must be a number from 1 to 1000",
                "?limit=-1|limit must be a number from 1 to 1000",
                "?limit=|limit must be a number from 1 to 1000",
                "?limit=SENT|limit must be a number from 1 to 1000",
                "?limit=1.5|limit must be a number from 1 to 1000",
                "?limit=+1|limit must be a number from 1 to 1000",
                "?limit=01|limit must be a number from 1 to 1000",
                "?limit=0x1|limit must be a number from 1 to 1000",
                "?limit=%D9%A1|limit must be a number from 1 to 1000",
                "?limit=99999999999999999999|limit must be a number from 1 to 1000",
                "?limit=1e99999999999|limit must be a number from 1 to 1000",
                "?limit=1e-999999999|limit must be a number from 1 to 1000",
                "?cursor=|cursor must be one that a page of this list ended with",
                "?cursor=%3CSENT%3E|cursor must be one that a page of this list ended with",
                "?limit=1&limit=1|limit must be given once",
                "?status=all&%73tatus=all|status must be given once",
                "?SENT=1|" + PARAMETERS,
                "?Limit=1|" + PARAMETERS,
                "?limit=1&|" + PARAMETERS,
                "?tenant=south|" + PARAMETERS,
                "?SENT=%zz|" + PARAMETERS,
                "?limit=%zz|the query must have a valid percent-encoding"
            })
    void invalidParameterIsRejectedWithASentence(String query, String sentence) {
        CapturedLog logged = new CapturedLog();
        Reply reply = get(query);
        assertThat(reply.status()).isEqualTo(400);
        if (!(query.contains("%zz") && TestBackend.has(Quirk.REJECTS_MALFORMED_QUERIES))) {
            assertThat(reply.body()).isEqualTo(error(sentence));
        }
        assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain("SENT");
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource(
            delimiter = '|',
            value = {
                "owner=SENT|owner must be person:<id> or service:<name>",
                "owner=|owner must be person:<id> or service:<name>",
                "owner=person:%0a|owner must be person:<id> or service:<name>",
                "owner=person:a&owner=person:b|owner must be given once",
                "created_by=SENT|created_by must be person:<id>",
                "created_by=service:SENT|created_by must be person:<id>",
                "environment=%20|environment must be 1 to 100 characters, not blank, without control characters",
                "scope=|scope must be one scope",
                "scope=read:people%20SENT|scope must be one scope",
                "name=|name must be 1 to 100 characters, not blank, without control characters",
                "q=%00SENT|q must be 1 to 100 characters, not blank, without control characters",
                "hint=12345678901234567|hint must be 1 to 16 characters, not blank, without control characters",
                "attribute=SENT|attribute must be <name>:<value>, which an API key can have",
                "attribute=plan:|attribute must be <name>:<value>, which an API key can have",
                "attribute=Plan:SENT|attribute must be <name>:<value>, which an API key can have",
                "created_from=SENT|created_from must be a time in Unix milliseconds from 0 up to the year 9999, as a whole number",
                "created_from=1.5|created_from must be a time in Unix milliseconds from 0 up to the year 9999, as a whole number",
                "created_before=-1|created_before must be a time in Unix milliseconds from 0 up to the year 9999, as a whole number",
                "expires_from=253402300800000|expires_from must be a time in Unix milliseconds from 0 up to the year 9999, as a whole number",
                "created_from=5&created_before=5|created_before must be after created_from",
                "last_used_before=4&last_used_from=5|last_used_before must be after last_used_from",
                "expires_from=5&expires_before=4|expires_before must be after expires_from",
                "order=SENT|order must be created, name, last_used or expires, with a minus in front for descending order",
                "order=--name|order must be created, name, last_used or expires, with a minus in front for descending order"
            })
    void invalidFilterIsRejectedWithASentence(String query, String sentence) {
        CapturedLog logged = new CapturedLog();
        Reply reply = get("?" + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain("SENT");
    }

    @Test
    void filtersSelectKeys() {
        String owned = member(
                post(
                        "",
                        "{\"name\":\"Löhne A\",\"scopes\":[\"write:people\"],\"owner\":\"person:u 12\","
                                + "\"attributes\":{\"plan\":\"pro: new\"},\"expires_at\":" + (NOW + 24 * HOUR) + "}"),
                "id");
        keys.clock().advance(Duration.ofHours(1));
        IssuedKey used = keys.used("north", "read:people");
        String other = id(used);
        keys.active("south", "write:people");
        for (String query : List.of(
                "owner=person:u%2012",
                "created_by=person:ada",
                "scope=write:people",
                "name=l%C3%96hne",
                "q=hne+a",
                "hint=" + current(owned).hint(),
                "attribute=plan:pro:%20new",
                "created_before=" + (NOW + HOUR),
                "created_from=" + NOW + "&created_before=" + (NOW + 1),
                "expires_from=" + (NOW + 24 * HOUR),
                "expires_before=" + (NOW + 24 * HOUR + 1),
                "order=-name&limit=1&status=all&owner=person:u%2012&scope=write:people")) {
            assertThat(ids(get("?" + query))).as(query).containsExactly(owned);
        }
        for (String query : List.of(
                "created_by=person:admin%20of%20north",
                "scope=read:people",
                "q=KEY%20for",
                "created_from=" + (NOW + HOUR),
                "last_used_from=" + NOW,
                "last_used_before=" + (NOW + HOUR + 1))) {
            assertThat(ids(get("?" + query))).as(query).containsExactly(other);
        }
        for (String query : List.of(
                "owner=service:u%2012",
                "environment=test",
                "scope=none",
                "name=hne",
                "q=lohne",
                "hint=zzzz",
                "attribute=plan:pro",
                "status=suspended",
                "expires_before=1")) {
            assertThat(get("?" + query).body()).as(query).isEqualTo("[]");
        }
    }

    private ApiKey current(String id) {
        return north.get(KeyId.of(id));
    }

    @Test
    void orderSortsKeys() {
        String b = id(named("b"));
        String a = id(named("A"));
        String c = id(named("c"));
        assertThat(ids(get("?order=name"))).containsExactly(a, b, c);
        assertThat(ids(get("?order=-name"))).containsExactly(c, b, a);
        assertThat(ids(get("?order=created"))).containsExactly(b, a, c);
        assertThat(ids(get("?order=-created"))).containsExactly(c, a, b);
    }

    @Test
    void suspendedKeysAreListedAsActiveAndAlone() {
        String active = id(keys.active("north"));
        String suspended = id(keys.active("north"));
        post("/" + suspended + "/suspend", "");
        assertThat(ids(get("?status=suspended"))).containsExactly(suspended);
        assertThat(ids(get("?status=active"))).containsExactly(active, suspended);
    }

    @Test
    void linkCarriesAllFilters() {
        for (int i = 0; i < 3; i++) {
            named("Löhne & \"mehr\" <" + i + ">");
            named("Other");
        }
        Reply page = get("?q=%26%20%22mehr%22+%3C&order=-name&limit=1&scope=read:people");
        assertThat(page.header("Link"))
                .startsWith("<?q=%26%20%22mehr%22%20%3C&order=-name&limit=1&scope=read%3Apeople&cursor=")
                .endsWith(">; rel=\"next\"");
        List<String> seen = new ArrayList<>(ids(page));
        while (!page.header("Link").isEmpty()) {
            page = follow(page);
            seen.addAll(ids(page));
        }
        assertThat(seen).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void cursorOfAnotherFilterIsRejected() {
        named("a");
        named("a");
        String query = next(get("?q=a&limit=1")).substring(1);
        for (String other : List.of(query.replace("q=a", "q=b"), query.replace("q=a&", ""), query + "&order=name")) {
            Reply reply = get("?" + other);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).isEqualTo(error("cursor must be one that a page of this list ended with"));
        }
    }

    private IssuedKey named(String name) {
        return north.issue(NewKey.named(name).allowing("read:people"));
    }

    @Test
    void parametersAreNotReadFromBodies() {
        keys.active("north");
        keys.active("north");
        Reply reply = client.send(
                "GET",
                "/api/keys",
                "limit=1",
                "Authorization: Bearer " + TestBackend.ADMIN,
                "Content-Type: application/x-www-form-urlencoded");
        assertThat(ids(reply)).hasSize(2);
    }

    private Reply follow(Reply page) {
        return get(next(page));
    }

    private static String next(Reply page) {
        Matcher matcher = NEXT.matcher(page.header("Link"));
        assertThat(matcher.matches()).as(page.header("Link")).isTrue();
        return matcher.group(1);
    }

    private static String id(IssuedKey issued) {
        return issued.key().id().value();
    }
}
