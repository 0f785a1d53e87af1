"""The sample application, for a client in the process and for a browser."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.testclient import TestClient

from tests.web.looks.sample import sample_app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(sample_app(), raise_server_exceptions=False) as one:
        yield one


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the sample application, served for real."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(sample_app(), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
