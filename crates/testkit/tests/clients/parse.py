"""What the library stix2 makes of a bundle that was exported: every object is read, and written again
with all that it said."""

import json
import sys

import stix2

STRICT = {"incident"}


def main(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    given = json.loads(text)["objects"]
    bundle = stix2.parse(text, version="2.1", allow_custom=True)
    read = [json.loads(one.serialize()) if hasattr(one, "serialize") else one for one in bundle.objects]
    assert len(read) == len(given), f"{len(read)} of {len(given)} objects"
    for ours, theirs in zip(given, read):
        missing = [name for name in ours if name not in theirs]
        assert not missing, f"{ours['id']}: {missing} got lost"
        if ours["type"] in STRICT:
            # A type of STIX itself: nothing in it is custom, beside what its extension says.
            stix2.parse(ours, version="2.1", allow_custom=False)
    incidents = [one for one in read if one["type"] == "incident"]
    assert incidents, "there is no incident in it"
    ids = {one["id"] for one in given}
    for one in incidents:
        for extension in one["extensions"].values():
            for ref in extension.get("impact_refs", []):
                assert ref in ids, f"{one['id']} names {ref}, which is not in the bundle"
    print(f"{len(read)} objects, {len(incidents)} incidents")


if __name__ == "__main__":
    main(*sys.argv[1:])
