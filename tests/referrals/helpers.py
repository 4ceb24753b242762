"""What several tests of referrals need."""

from django.test import Client


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    assert " style=" not in page
    assert "<h1>" in page
    return page
