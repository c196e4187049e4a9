"""opentaxii with an empty public collection in a database, on a free port, which it prints."""

import json
import sys
import tempfile
import uuid

from opentaxii.config import ServerConfig
from opentaxii.middleware import create_app
from opentaxii.server import TAXIIServer
from werkzeug.serving import make_server


def default(encoder, value, original=json.JSONEncoder.default):
    """opentaxii 0.9.3 hands UUIDs to the encoder, and answers 500."""
    return str(value) if isinstance(value, uuid.UUID) else original(encoder, value)


def main(database):
    json.JSONEncoder.default = default
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(
            f"""
domain: "127.0.0.1"
support_basic_auth: yes
auth_api:
  class: opentaxii.auth.sqldb.SQLDatabaseAPI
  parameters:
    db_connection: {database}
    create_tables: yes
    secret: for-a-measurement
    token_ttl_secs: 3600
taxii1:
taxii2:
  title: opentaxii
  max_content_length: 104857600
  public_discovery: true
  persistence_api:
    class: opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI
    parameters:
      db_connection: {database}
      create_tables: yes
"""
        )
        file.flush()
        config = ServerConfig(extra_configs=[file.name])
    app = create_app(TAXIIServer(config))
    with app.app_context():
        app.taxii_server.auth.api.create_account("comity", "open sesame", is_admin=True)
        api = app.taxii_server.servers.taxii2.persistence.api
        root = api.add_api_root(title="Root", default=True, is_public=True)
        collection = api.add_collection(
            api_root_id=root.id,
            title="Objects",
            is_public=True,
            is_public_write=True,
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(
        f"http://127.0.0.1:{server.server_port}/taxii2/{root.id}/collections/{collection.id}/",
        flush=True,
    )
    server.serve_forever()


main(sys.argv[1])
