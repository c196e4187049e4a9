"""medallion with a collection of objects, on a free port, which it prints when it listens."""

import json
import sys
import tempfile

from medallion import application_instance, register_blueprints, set_config
from werkzeug.serving import make_server

MOMENT = "2026-01-01T00:00:00.000Z"
TAXII = "application/taxii+json;version=2.1"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


def malware(number):
    return {
        "type": "malware",
        "spec_version": "2.1",
        "id": f"malware--00000000-0000-4000-8000-{number:012}",
        "created": MOMENT,
        "modified": MOMENT,
        "name": f"m{number}",
        "is_family": False,
    }


def entry(number):
    """What the manifest says of an object: each was added a millisecond after the one before."""
    return {
        "id": malware(number)["id"],
        "date_added": f"2026-01-02T00:00:{number // 1000:02}.{number % 1000:03}000Z",
        "version": MOMENT,
        "media_type": "application/stix+json;version=2.1",
    }


def data(count):
    collection = {
        "id": COLLECTION,
        "title": "Objects",
        "can_read": True,
        "can_write": True,
        "media_types": ["application/stix+json;version=2.1"],
        "objects": [malware(number) for number in range(count)],
        "manifest": [entry(number) for number in range(count)],
    }
    root = {
        "information": {
            "title": "Root",
            "versions": [TAXII],
            "max_content_length": 1_000_000,
        },
        "status": [],
        "collections": [collection],
    }
    return {
        "/discovery": {"title": "medallion", "api_roots": ["ROOT"]},
        "root": root,
    }


def main(count):
    server = make_server("127.0.0.1", 0, application_instance, threaded=True)
    text = json.dumps(data(count))
    address = f"http://127.0.0.1:{server.server_port}"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(text.replace("ROOT", f"{address}/root/"))
        file.flush()
        backend = {
            "module": "medallion.backends.memory_backend",
            "module_class": "MemoryBackend",
            "filename": file.name,
        }
        config = {
            "users": {"comity": "open sesame"},
            "taxii": {"max_page_size": 100},
            "backend": backend,
        }
        for name in config:
            set_config(application_instance, name, config)
    register_blueprints(application_instance)
    print(address, flush=True)
    server.serve_forever()


main(int(sys.argv[1]))
