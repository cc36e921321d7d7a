package org.example.district;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keywright.Secret;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filter and the servlet with keys of Keywright's testkit in each state, without a database. */
class PeopleApiTest {

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @BeforeEach
    void startServer() throws Exception {
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(DistrictKeys.filter(keys.apiKeys()));
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new PeopleServlet()), "/api/people");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        server.stop();
    }

    @Test
    void activeKeyReadsPeopleOfItsDistrict() throws Exception {
        HttpURLConnection response = get(keys.active("north", "read:people").secret());
        assertEquals(200, response.getResponseCode());
        assertEquals("people of north", new String(response.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void revokedKeyIsRejected() throws Exception {
        assertEquals(401, get(keys.revoked("north", "read:people").secret()).getResponseCode());
    }

    @Test
    void expiredKeyIsRejected() throws Exception {
        assertEquals(401, get(keys.expired("north", "read:people").secret()).getResponseCode());
    }

    @Test
    void unknownKeyIsRejected() throws Exception {
        assertEquals(401, get(keys.unknown()).getResponseCode());
    }

    @Test
    void keyWithoutTheScopeIsForbidden() throws Exception {
        assertEquals(403, get(keys.active("north", "write:people").secret()).getResponseCode());
    }

    private HttpURLConnection get(Secret key) throws IOException {
        URI people = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/api/people");
        HttpURLConnection connection = (HttpURLConnection) people.toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + key.reveal());
        return connection;
    }
}
