"""The hash of passwords and secrets as tests make it: the same algorithm and format, as little work as it can do."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LightArgon2(Argon2PasswordHasher):
    """Argon2 with the least memory and one round."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
