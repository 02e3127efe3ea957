"""CONTRACT section 6: POST /profiles/me/login and /logout."""



def test_a_session_is_one_however_often_it_is_told_of(owner, database):
    first = owner.good("POST", "/profiles/me/login")
    assert first["user_id"] == owner.id and first["ended_at"] is None and first["client_address"] == "127.0.0.1"
    assert first["expires_at"] and first["user_agent"].startswith("python-httpx")
    assert owner.good("POST", "/profiles/me/login", {}) == first
    ended = owner.good("POST", "/profiles/me/logout")
    assert ended["id"] == first["id"] and ended["ended_at"]
    assert owner.good("POST", "/profiles/me/logout") == ended
    # What has ended stays ended.
    assert owner.good("POST", "/profiles/me/login") == ended
    assert database.one("SELECT count(*) FROM user_sessions WHERE user_id = %s", owner.id) == 1


def test_each_token_without_sid_is_a_session(owner, okta, database):
    owner.good("POST", "/profiles/me/login")
    owner.token = okta.token(owner.email)
    owner.good("POST", "/profiles/me/logout")
    assert database.one("SELECT count(*) FROM user_sessions WHERE user_id = %s", owner.id) == 2
    assert database.one(
        "SELECT count(*) FROM user_sessions WHERE user_id = %s AND ended_at IS NULL", owner.id) == 1


def test_tokens_of_one_sid_are_one_session(service, database, clerk):
    home, email = database.org("clerk-sessions"), "sid@people.example"
    database.invite(home, email)
    tokens = [clerk.token(email, sid="sess_one") for _ in range(2)]
    assert service.provision(tokens[0]).status_code == 201
    ids = {service.request("POST", "/profiles/me/login", token).json()["data"]["id"] for token in tokens}
    assert len(ids) == 1
    assert database.rows("SELECT token_key FROM user_sessions WHERE id = %s", ids.pop()) == [("sess_one",)]


def test_a_session_takes_no_fields(owner):
    owner.bad("POST", "/profiles/me/login", {"user_id": owner.id}, 400, "validation_failed")
    assert owner.service.request("POST", "/profiles/me/login").status_code == 401
    assert owner.service.get("/profiles/me/login", owner.token).status_code == 405


