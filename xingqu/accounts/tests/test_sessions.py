"""Who a session is of is asked of the database at every request: what ends a session ends it at once, everywhere."""

from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as PlainStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xingqu.accounts.models import Person
from xingqu.accounts.services import create_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return Person.objects.get(pk=create_person(email="lin@example.test", password="tea-and-rain-88"))


@pytest.fixture
def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    assert who(client) == person.pk
    return client


def who(client: Client) -> int | None:
    """Id of the person the API takes this browser for."""
    answer: dict[str, Any] = client.get("/api/v1/session").json()
    by_actor = int(answer["actor_key"][1:]) if answer["actor_key"].startswith("p") else None
    assert (answer["person"] or {"id": None})["id"] == by_actor
    return by_actor


def test_a_session_deleted_elsewhere_is_over(browser: Client) -> None:
    Session.objects.all().delete()
    assert who(browser) is None


def test_a_session_that_ran_out_is_over(browser: Client) -> None:
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert who(browser) is None


def test_a_changed_password_ends_the_session(browser: Client, person: Person) -> None:
    person.set_password("another-one-77")
    person.save()
    assert who(browser) is None
    assert Session.objects.count() == 0


def test_a_closed_account_is_signed_out(browser: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert who(browser) is None


def test_a_deleted_person_is_signed_out(browser: Client, person: Person) -> None:
    person.delete()
    assert who(browser) is None


def test_a_rotated_secret_keeps_people_signed_in(browser: Client, person: Person, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-secret"
    assert who(browser) == person.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert who(browser) == person.pk


def test_another_secret_signs_everybody_out(browser: Client, settings: Any) -> None:
    settings.SECRET_KEY = "somebody-else's"
    assert who(browser) is None


@pytest.mark.parametrize("key", ["0", "-1"])
def test_a_session_of_nobody(browser: Client, key: str) -> None:
    session = browser.session
    session["_auth_user_id"] = key
    session.save()
    assert who(browser) is None


def test_a_session_without_its_hash(browser: Client) -> None:
    session = browser.session
    del session[HASH_SESSION_KEY]
    session.save()
    assert who(browser) is None


def test_a_forged_session_is_nobodys(browser: Client) -> None:
    row = Session.objects.get()
    Session.objects.update(session_data=row.session_data[:-3] + "abc")
    assert who(browser) is None


def test_the_stored_form_is_djangos(browser: Client, person: Person) -> None:
    assert PlainStore(Session.objects.get().session_key).load()["_auth_user_id"] == str(person.pk)


def test_what_a_session_holds_can_be_changed(browser: Client) -> None:
    session = browser.session
    session["list"] = [1]
    session.save()
    again = browser.session
    again["list"].append(2)
    assert browser.session["list"] == [1]


def test_one_statement_for_session_and_person(browser: Client, person: Person) -> None:
    who(browser)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/api/v1/payments/methods").status_code == 200
    assert len(queries) == 1


def test_another_person_signs_in_with_the_same_browser(browser: Client, person: Person) -> None:
    who(browser)
    other = Person.objects.get(pk=create_person(email="mei@example.test", password="tea-and-rain-99"))
    session = browser.session
    browser.force_login(other)
    assert browser.session.session_key != session.session_key
    assert who(browser) == other.pk
    # And a session whose person is not whom it was of before: the guess is wrong, the answer is not.
    changed = browser.session
    changed["_auth_user_id"], changed[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    changed.save()
    assert who(browser) == person.pk
    assert who(browser) == person.pk
