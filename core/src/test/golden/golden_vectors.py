#!/usr/bin/env python3
"""Computes the golden vectors of GoldenVectorsTest without Java: SipHash-2-4 implemented from its paper and checked
against the vector of the paper, HKDF from RFC 5869 and checked against that of the RFC, HMAC and SHA-256 from Python.

    python3 golden_vectors.py

The pinned values are the output of this script. They never change: a release with other values would reject each key
that was issued before."""
import hashlib
import hmac

MASK = (1 << 64) - 1
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def rotate(x, bits):
    return ((x << bits) | (x >> (64 - bits))) & MASK


def sip_hash_2_4(key, data):
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def rounds(n):
        for _ in range(n):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotate(v[1], 13) ^ v[0]
            v[0] = rotate(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotate(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotate(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotate(v[1], 17) ^ v[2]
            v[2] = rotate(v[2], 32)

    whole = len(data) - len(data) % 8
    words = [int.from_bytes(data[i:i + 8], "little") for i in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], "little") | (len(data) & 255) << 56)
    for word in words:
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def hkdf(secret, info, length, salt=bytes(32)):
    prk = hmac.new(salt, secret, hashlib.sha256).digest()
    out, block, i = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([i]), hashlib.sha256).digest()
        out, i = out + block, i + 1
    return out[:length]


def check(key, body):
    number, text = sip_hash_2_4(key, body.encode("ascii")) % 36**4, ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        text = ALPHABET[digit] + text
    return text


# Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A.
assert sip_hash_2_4(bytes(range(16)), bytes(range(15))) == 0xA129CA6149BE45E5
# RFC 5869, test case 1.
assert hkdf(b"\x0b" * 22, bytes(range(0xF0, 0xFA)), 42, bytes(range(13))).hex() == (
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")

PEPPERS = {"00 01 … 1f": bytes(range(32)), "ff fe … d0": bytes(range(255, 207, -1)), "none": None}
BODIES = ["ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4", "ck_" + 28 * "0", "ck_" + 28 * "z", "ck_0123456789abcdefghijklmnopqr"]
# Other prefixes: one of a host; and those with which SipHash has no incomplete word, and the longest text.
BODIES += [prefix + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4" for prefix in (
    "acme_live_", "abc_", "a_prefix_of_24_letters__")]
for name, pepper in PEPPERS.items():
    if pepper:
        check_key, digest_key, pepper_id = (
            hkdf(pepper, b"dev.keywright/v1/" + label, length)
            for label, length in ((b"check", 16), (b"digest", 32), (b"pepper-id", 8)))
    else:
        check_key, pepper_id = b"dev.keywright/v1", None
    print("pepper", name, "· check key", check_key.hex(), "· id", pepper_id.hex() if pepper_id else "none",
          "· id of the check key", hashlib.sha256(check_key).hexdigest()[:16])
    for body in BODIES:
        text = (body + check(check_key, body)).encode("ascii")
        digest = hmac.new(digest_key, text, hashlib.sha256) if pepper else hashlib.sha256(text)
        print("   ", text.decode("ascii"), digest.hexdigest())

FOREIGN = "legacy_00112233445566778899aabbccddeeff"
for name in ("00 01 … 1f", "none"):
    pepper = PEPPERS[name]
    print("imported under pepper", name)
    for algorithm, digest in (
            ("SHA-256", hashlib.sha256(FOREIGN.encode("ascii"))),
            ("SHA-384", hashlib.sha384(FOREIGN.encode("ascii"))),
            ("SHA-512", hashlib.sha512(FOREIGN.encode("ascii"))),
            ("HMAC-SHA-256", hmac.new(b"the key of the old system", FOREIGN.encode("ascii"), hashlib.sha256))):
        if pepper:
            import_key = hkdf(pepper, b"dev.keywright/v1/import", 32)
            stored = hmac.new(import_key, algorithm.encode("ascii") + digest.digest(), hashlib.sha256)
        else:
            stored = hashlib.sha256(b"dev.keywright/v1/import/" + algorithm.encode("ascii") + digest.digest())
        print("   ", algorithm, stored.hexdigest())
