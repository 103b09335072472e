"""moto on 127.0.0.1, answering one request at a time.

moto keeps its state in plain dictionaries and checks a condition before it writes, without a lock. Concurrent
conditional writes through its own threaded server end in internal errors, and two of them may both succeed, which
DynamoDB never allows. Here requests are received in parallel and answered in turn, so that each of them is whole.
"""

import importlib
import io
import os
import sys
import threading

port = int(sys.argv[1])
os.environ["MOTO_PORT"] = str(port)

from moto.backends import get_backend  # noqa: E402  (moto reads MOTO_PORT when it is imported)
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple  # noqa: E402

# Loaded on their first request otherwise, which then takes longer than a client waits.
for service in ("cloudwatch", "dynamodb", "rds", "s3", "secretsmanager", "sqs", "ssm", "stepfunctions"):
    get_backend(service)
    importlib.import_module(f"moto.{service}.urls")

moto = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()


def in_turn(environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > 0:
        # Received before the turn: a slow sender must not hold everybody up.
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
    with turn:
        return list(moto(environ, start_response))


run_simple("127.0.0.1", port, in_turn, threaded=True, request_handler=MotoRequestHandler)
