"""The console's surroundings: the development IdP, an instance that signs in with it, and a browser."""

import os
from pathlib import Path

from playwright.sync_api import Page

from .database import Database
from .programs import BINARY, ROOT, Program, clean_environment, free_port
from .service import Service

#: Screenshots stay here to be looked at.
PICTURES = Path(os.environ.get("VESTIBULE_PICTURES", ROOT / ".local/pictures"))


class DevelopmentIdP:
    """`vestibule dev-idp`, as `./dev run` starts it."""

    def __init__(self, folder: Path):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self.program = Program(
            "dev-idp", [BINARY, "dev-idp", "--listen", f"127.0.0.1:{port}", "--keys", folder / "dev-idp.keys"], folder,
            clean_environment())
        self.program.await_port(port)

    @property
    def okta(self) -> dict:
        """The settings by which its Okta-shaped issuer is known."""
        return {"OKTA_ISSUER": f"{self.origin}/okta/oauth2/default", "OKTA_AUDIENCE": "api://default",
                "OKTA_CLIENT_ID": "0oadevelopment", "VESTIBULE_IDP_ALLOW_HTTP": "true"}

    def stop(self):
        self.program.stop()


def console_service(folder: Path, database: Database, idp: DevelopmentIdP | None, **settings) -> Service:
    known = idp.okta | {"VESTIBULE_ACTIVE_IDP": "okta"} if idp else {"VESTIBULE_IDP_ALLOW_HTTP": "true"}
    return Service(folder, database.service_url, ready=idp is not None, **(known | settings))


def sign_in(page: Page, service: Service, email: str):
    """As a person does it: the button, the provider's form, and back."""
    page.goto(service.origin + "/admin/")
    page.get_by_role("link", name="Sign in with Okta").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(service.origin + "/admin/**")
    page.get_by_role("button", name="Sign out").wait_for()


def picture(page: Page, name: str):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
