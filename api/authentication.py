"""Who is asking at the REST door."""

from rest_framework.authentication import BaseAuthentication


class ClientTokenAuthentication(BaseAuthentication):
    """An access token of a partner system."""

    def authenticate(self, request):
        """Nobody yet."""
        return
