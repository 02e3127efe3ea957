"""The console's pages in a real browser: Chromium, by keyboard and pointer, light and dark, phone and desktop."""

import uuid

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from harness.console import DevelopmentIdP, console_service, picture, sign_in
from harness.database import Database
from harness.programs import eventually
from harness.service import migrated
from playwright.sync_api import Page, expect, sync_playwright

OWNER = "ada@example.com"
BOOTSTRAP = "bootstrap-" + uuid.uuid4().hex
#: Markup for every stored field: were any of it taken for markup, the page's title would change.
MARKUP = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
PAGES = {"overview": "Overview", "users": "Users", "orgs": "Organizations", "roles": "Roles", "keys": "API keys",
         "providers": "Identity provider", "audit": "Audit", "events": "Sign-ins", "explain": "Explain"}


@pytest.fixture(scope="module")
def idp(folder):
    idp = DevelopmentIdP(folder)
    yield idp
    idp.stop()


@pytest.fixture(scope="module")
def console(folder, idp):
    database = migrated(Database())
    service = console_service(folder, database, idp)
    service.database = database
    yield service
    service.stop()
    database.drop()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def state(chromium, console):
    """The cookies of the owner, who signed in once."""
    context = chromium.new_context()
    sign_in(context.new_page(), console, OWNER)
    state = context.storage_state()
    assert state["origins"] == [], "nothing in localStorage"
    context.close()
    return state


@pytest.fixture
def page(chromium, console, state):
    """The console as the owner sees it; a message of the browser's about a broken rule fails the test."""
    context = chromium.new_context(storage_state=state)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and "status of 4" not in message.text and complaints.append(message.text))
    page.on("request", lambda request: request.url.startswith((console.origin, "data:", "blob:")) or complaints.append(request.url))
    yield page
    context.close()
    assert not complaints


def open_page(page: Page, console, name: str):
    page.goto(f"{console.origin}/admin/#/{name}")
    page.get_by_role("heading", level=1, name=PAGES[name.split("/")[0]]).wait_for()
    page.wait_for_load_state("networkidle")


def no_barriers(page: Page, where: str):
    result = Axe().run(page)
    problems = [(one["id"], one["help"], [node["html"][:120] for node in one["nodes"]]) for one in result.response["violations"]]
    assert not problems, (where, problems)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_and_has_no_barriers(page, console, name):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        open_page(page, console, name)
        no_barriers(page, f"{name}, {scheme}")
        picture(page, f"{name}-{scheme}")
    page.set_viewport_size({"width": 390, "height": 780})
    open_page(page, console, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out on a phone"
    no_barriers(page, f"{name}, phone")
    picture(page, f"{name}-phone")


def test_the_sign_in_page_tells_what_went_wrong(chromium, console):
    page = chromium.new_context().new_page()
    page.goto(console.origin + "/admin/?sign_in=bad_request")
    expect(page.get_by_role("alert")).to_contain_text("too long ago")
    no_barriers(page, "sign-in")
    picture(page, "sign-in")
    page.goto(console.origin + "/admin/?sign_in=%3Cb%3Ewords%3C/b%3E")
    page.get_by_role("alert").wait_for()
    assert "words" not in page.content().split("<body>")[1]
    page.context.close()


def test_who_does_not_administer_the_platform_is_told_so(chromium, console, idp):
    database = console.database
    database.invite(database.org("guests-" + uuid.uuid4().hex[:8]), "guest@example.com", "org_owner")
    page = chromium.new_context().new_page()
    page.goto(console.origin + "/admin/")
    page.get_by_role("link", name="Sign in with Okta").click()
    page.get_by_label("E-mail").fill("guest@example.com")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Not for you")).to_be_visible()
    assert page.get_by_role("navigation").get_by_role("link").count() == 0
    page.context.close()


def test_the_keyboard_is_enough(page, console):
    open_page(page, console, "users")
    page.keyboard.press("Tab")
    order = []
    for _ in range(14):
        page.keyboard.press("Tab")
        order.append(page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim().slice(0, 20)"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", order
    assert order.index("Users") < order.index("Organizations") < order.index("Sign out") < order.index("Name or e-mail"), order
    page.goto(console.origin + "/admin/#/overview")
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")


def test_an_organization_from_its_name_to_its_domain(page, console):
    name = "Acme " + uuid.uuid4().hex[:6]
    open_page(page, console, "orgs")
    page.get_by_text("New organization").click()
    page.get_by_label("Name *").fill(name)
    page.get_by_role("button", name="Make an organization").click()
    page.get_by_role("heading", level=1, name=name).wait_for()
    page.locator("summary", has_text="Add a domain").click()
    page.get_by_label("Domain *").fill("gmail.com")
    page.get_by_role("button", name="Add a domain").click()
    expect(page.get_by_role("alert").last).not_to_be_empty()
    page.get_by_label("Domain *").fill("acme-pages.example")
    page.get_by_role("button", name="Add a domain").click()
    expect(page.get_by_text("_vestibule.acme-pages.example TXT")).to_be_visible()
    page.locator("summary", has_text="Invite").last.click()
    page.get_by_role("textbox", name="E-mail *").last.fill("bob@acme-pages.example")
    page.get_by_role("button", name="Invite", exact=True).click()
    row = page.get_by_role("row", name="bob@acme-pages.example")
    expect(row.get_by_text("pending")).to_be_visible()
    no_barriers(page, "org")
    picture(page, "org")
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(row.get_by_text("pending")).to_be_visible()
    row.get_by_role("button", name="Revoke").click()
    no_barriers(page, "question")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status").filter(has_text="The invite is revoked.")).to_be_visible()
    expect(row.get_by_text("pending")).to_have_count(0)


def test_a_user_is_found_deactivated_and_let_in_again(page, console, idp):
    database = console.database
    email = f"{uuid.uuid4().hex[:8]}@people.example"
    database.invite(database.org("home-" + uuid.uuid4().hex[:8]), email, "org_user")
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": email}).text.strip()
    assert console.provision(token).status_code == 201
    open_page(page, console, "users")
    page.get_by_label("Name or e-mail").fill(email)
    page.get_by_role("link", name=email).click()
    page.get_by_role("heading", name="Last sign-ins").or_(page.get_by_text("Last sign-ins")).first.wait_for()
    no_barriers(page, "user")
    picture(page, "user")
    page.get_by_role("button", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("button", name="Reactivate")).to_be_visible()
    eventually(lambda: console.authorize(token).status_code == 403, "the revocation", 5)
    page.get_by_role("button", name="Reactivate").click()
    expect(page.get_by_role("button", name="Deactivate")).to_be_visible()
    page.get_by_label("Role on the platform").select_option("global_admin")
    page.get_by_role("button", name="Change the role").click()
    expect(page.get_by_role("status").filter(has_text="is global_admin now")).to_be_visible()


def test_the_provider_is_tested_and_configured(page, console):
    open_page(page, console, "providers")
    card = page.locator("section.card", has=page.get_by_role("heading", name="Okta"))
    card.get_by_role("button", name="Test").click()
    expect(card.get_by_text("usable", exact=True)).to_be_visible()
    for step in ("discovery", "issuer", "algorithms"):
        expect(card.get_by_role("rowheader", name=step)).to_be_visible()
    no_barriers(page, "test of a provider")
    picture(page, "provider-test")
    other = page.locator("section.card", has=page.get_by_role("heading", name="OpenID Connect"))
    other.get_by_role("button", name="Set up").click()
    form = page.get_by_role("region", name="Configure OpenID Connect")
    form.get_by_label("Issuer *").fill("ftp://nowhere")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Issuer *")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Issuer *").fill("http://127.0.0.1:9/nobody")
    form.get_by_label("Audience *").fill("api://x, api://y")
    form.get_by_role("button", name="Save").click()
    expect(other.get_by_text("api://x, api://y")).to_be_visible()
    other.get_by_role("button", name="Activate").click()
    page.get_by_role("dialog").get_by_role("button", name="Activate").click()
    expect(page.get_by_role("status").filter(has_text="does not answer as it should")).to_be_visible()
    expect(card.get_by_text("active", exact=True)).to_be_visible()


def test_explain_tells_each_check(page, console, idp):
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": OWNER}).text.strip()
    open_page(page, console, "explain")
    page.get_by_label("Token").fill(token[:-4] + "AAAA")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("heading", name="deny")).to_be_visible()
    expect(page.get_by_role("rowheader", name="signature", exact=True)).to_be_visible()
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("heading", name="allow")).to_be_visible()
    no_barriers(page, "explanation")
    picture(page, "explanation")


def test_the_overview_moves_with_the_decisions(page, console, idp):
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": OWNER}).text.strip()
    for _ in range(20):
        console.authorize(token)
    console.authorize(token[:-4] + "AAAA")
    open_page(page, console, "overview")
    chart = page.get_by_role("img", name="Decisions a second")
    expect(chart).to_be_visible()
    expect(page.get_by_text("deny: token_signature_invalid", exact=False).first).to_be_attached()
    expect(page.get_by_text("Hit rate")).to_be_visible()


def test_stored_markup_stays_text(page, console, idp):
    database = console.database
    slug = "markup-" + uuid.uuid4().hex[:8]
    org = database.org(slug)
    email = f"{uuid.uuid4().hex[:8]}@people.example"
    database.invite(org, email, "org_user")
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": email}).text.strip()
    user = console.provision(token).json()["data"]["user"]["id"]
    database.run("UPDATE profiles SET full_name = %s, phone = '1' WHERE user_id = %s", MARKUP, user)
    database.run("UPDATE org SET name = %s, description = %s WHERE id = %s", MARKUP, MARKUP, org)
    database.run("INSERT INTO audit_log (action, resource_type, resource_id, details, request_id) VALUES (%s, %s, %s, jsonb_build_object('x', %s::text), %s)",
                 MARKUP, MARKUP, MARKUP, MARKUP, MARKUP)
    database.run("INSERT INTO auth_events (event, outcome, email, reason, provider, subject) VALUES (%s, %s, %s, %s, %s, %s)", *[MARKUP] * 6)
    for name in ("overview", "users", f"users/{user}", "orgs", f"orgs/{org}", "audit", "events", f"explain/{user}"):
        page.goto(f"{console.origin}/admin/#/{name}")
        page.reload()
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        assert "taken" not in page.title(), name
        assert page.locator("img[src=x], main script").count() == 0, name
    page.goto(f"{console.origin}/admin/#/users/{user}")
    expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP)


def test_no_page_can_put_the_console_into_a_frame(chromium, console):
    page = chromium.new_context().new_page()
    page.route("https://evil.example/", lambda route: route.fulfill(
        body=f"<iframe id=f src='{console.origin}/admin/'></iframe>", content_type="text/html"))
    page.goto("https://evil.example/")
    page.wait_for_load_state("networkidle")
    frame = page.frames[1]
    assert "Vestibule" not in frame.content()
    page.context.close()


def test_the_first_run_leads_to_an_owner(chromium, folder, fresh_database, idp):
    service = console_service(folder, fresh_database, None, VESTIBULE_BOOTSTRAP_TOKEN=BOOTSTRAP)
    try:
        page = chromium.new_context().new_page()
        page.goto(service.origin + "/admin/")
        page.get_by_label("Okta").check()
        page.get_by_label("Bootstrap token").fill(BOOTSTRAP)
        page.get_by_label("Issuer *").fill(idp.origin + "/nowhere")
        page.get_by_label("Client id").fill("0oadevelopment")
        page.get_by_label("Audience").fill("api://default")
        page.get_by_role("button", name="Test and activate").click()
        expect(page.get_by_text("not usable")).to_be_visible()
        page.get_by_label("Issuer *").fill(idp.okta["OKTA_ISSUER"])
        no_barriers(page, "set-up")
        picture(page, "set-up")
        page.get_by_role("button", name="Test and activate").click()
        page.get_by_role("link", name="Sign in with Okta").click()
        page.get_by_label("E-mail").fill("first@example.com")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Bootstrap token").fill("wrong")
        page.get_by_role("button", name="Become the owner").click()
        expect(page.get_by_role("alert")).to_contain_text("invitation")
        page.get_by_label("Bootstrap token").fill(BOOTSTRAP)
        page.get_by_role("button", name="Become the owner").click()
        expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
        page.context.close()
    finally:
        service.stop()
