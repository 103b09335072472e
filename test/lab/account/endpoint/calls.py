"""Calls to AWS for the driver, by botocore: one JSON request a line, one JSON answer a line.

The driver needs a call or two of many services; a client of each would be a package of its own. The endpoint, the
Region and the keys come from the environment, unless a request brings `credentials`.
"""

import base64
import io
import json
import sys
import zipfile

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_session = botocore.session.get_session()
_clients = {}


def _client(service, credentials):
    key = (service, json.dumps(credentials, sort_keys=True))
    if key not in _clients:
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        _clients[key] = _session.create_client(service, config=config, **(credentials or {}))
    return _clients[key]


def _answer(request):
    client = _client(request["service"], request.get("credentials"))
    try:
        return {"answer": getattr(client, request["operation"])(**_bytes_in(request.get("parameters", {})))}
    except ClientError as error:
        return {"refused": error.response["Error"]["Code"], "message": str(error)}
    except BotoCoreError as error:
        return {"refused": type(error).__name__, "message": str(error)}


def _bytes_in(value):
    """{"$zip": {name: text}} stands for the bytes of that archive, which JSON cannot carry."""
    if isinstance(value, list):
        return [_bytes_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$zip" not in value:
        return {key: _bytes_in(one) for key, one in value.items()}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for name, text in value["$zip"].items():
            files.writestr(name, text)
    return archive.getvalue()


def _plain(value):
    """Streams as base64, times as text."""
    return base64.b64encode(value.read()).decode() if hasattr(value, "read") else str(value)


for line in sys.stdin:
    print(json.dumps(_answer(json.loads(line)), default=_plain), flush=True)
