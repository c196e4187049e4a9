"""What stix2-validator says of a file that was exported.

Its package lacks the schemas that it looks for beside itself: they are put there from the folder given.

The draft of the Incident Core extension, and every example of OASIS for it, has the category of an impact
as a member of `extensions` beside the extension itself; the schema of STIX knows ids alone there. That one
finding is passed over, and no other.
"""

import pathlib
import re
import sys

import stix2validator


CATEGORY = re.compile(
    r"impact--[-0-9a-f]{36}: extensions: '(availability|confidentiality|external|integrity|monetary"
    r"|physical|traceability)' does not match any of the regexes"
)


def place(schemas):
    beside = pathlib.Path(stix2validator.__file__).parent / "schemas-2.1" / "schemas"
    beside.parent.mkdir(exist_ok=True)
    try:
        beside.symlink_to(pathlib.Path(schemas).resolve(), target_is_directory=True)
    except FileExistsError:
        pass


def main(path, schemas):
    place(schemas)
    options = stix2validator.ValidationOptions(version="2.1", strict=False)
    result = stix2validator.validate_file(path, options)
    looked_at = result.object_results or []
    found = [f"{one.object_id}: {error}" for one in looked_at for error in one.errors]
    errors = [error for error in found if not CATEGORY.search(error)]
    if result.fatal:
        errors.append(str(result.fatal))
    assert not errors, "\n".join(errors[:50])
    assert result.is_valid or found, "it says not why"
    assert looked_at, "nothing was looked at"
    print(f"{len(looked_at)} results, all valid")


if __name__ == "__main__":
    main(*sys.argv[1:])
