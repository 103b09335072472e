"""Writes a certificate authority and a certificate for 127.0.0.1 signed by it: ca.pem, server.pem and server.key.

It names localhost, too: mysql2 asks for that name where it was told an address.
"""

import datetime
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

folder = Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)


def name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def certificate(subject, key, extensions):
    builder = x509.CertificateBuilder(
        issuer_name=name("rds-responder lab CA"),
        subject_name=name(subject),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - datetime.timedelta(hours=1),
        not_valid_after=now + datetime.timedelta(days=1),
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    signed = builder.sign(authority_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


authority_key = ec.generate_private_key(ec.SECP256R1())
server_key = ec.generate_private_key(ec.SECP256R1())
authority = certificate("rds-responder lab CA", authority_key, [(x509.BasicConstraints(True, 0), True)])
names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
server = certificate("127.0.0.1", server_key, [(x509.SubjectAlternativeName(names), False)])

(folder / "ca.pem").write_bytes(authority)
(folder / "server.pem").write_bytes(server)
(folder / "server.key").write_bytes(
    server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
)
