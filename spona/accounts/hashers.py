"""Passwords: argon2id with the parameters of OWASP (19 MiB, two passes), about 65 ms."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
