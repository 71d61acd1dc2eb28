"""compare.py EMULATOR_URL SPURN FOLDER - which keys boto3 chooses in each set-up, and which spurn does: the same."""
import getpass
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit

URL, SPURN, FOLDER = sys.argv[1:]
HOME = os.path.join(FOLDER, "home")


def refuse_to_ask(*_, **__):
    raise EOFError("nobody is there to type a code")


# boto3 looks at both when it is loaded.
os.environ["HOME"] = HOME
getpass.getpass = refuse_to_ask

import boto3  # noqa: E402
import botocore.loaders  # noqa: E402
import botocore.session  # noqa: E402
from botocore.utils import ContainerMetadataFetcher  # noqa: E402

import setups  # noqa: E402

MODELS = botocore.loaders.create_loader()  # read once for all sessions
SERVICES = "ram", "sts", "organizations", "sso"


def environment(setup):
    plain = {
        "HOME": HOME, "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1",
        "AWS_METADATA_SERVICE_TIMEOUT": "5", "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": URL + "/",
        "AWS_EC2_METADATA_DISABLED": "false" if setup["instance"] else "true",
    }
    return {**plain, **{name: fill(value) for name, value in setup["env"].items()}}


def fill(text):
    return text.replace("@HOME@", HOME).replace("@URL@", URL)


def lay_out(setup):
    shutil.rmtree(HOME, ignore_errors=True)
    files = {".aws/config": setup["config"], ".aws/credentials": setup["credentials"], **setup["files"]}
    chosen = f'profile = {json.dumps(setup["chosen"])}, ' if setup["chosen"] else ""
    is_relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in setup["env"]
    services = SERVICES + ("metadata",) if is_relative else SERVICES
    endpoints = ", ".join(f'{name} = "{URL}"' for name in services)
    files["spurn.lua"] = f'aws {{ {chosen}regions = {{ "us-east-1" }}, endpoint = {{ {endpoints} }} }}\n'
    for path, text in files.items():
        if text:
            path = os.path.join(HOME, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(fill(text))
            os.chmod(path, 0o600)


# ---- boto3 ----

def lead_to_emulator(request, **_):
    """Sends a request to the emulator as it was signed: for the host that it was meant for."""
    request.headers["Host"] = urlsplit(request.url).netloc
    request.url = URL + request.url.split(request.headers["Host"], 1)[1]


def boto3_chooses(setup, env):
    """The key's id, or None and why."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        session = botocore.session.Session(profile=setup["chosen"])
        session.register_component("data_loader", MODELS)
        for service in ("sts", "sso"):
            session.register(f"before-send.{service}", lead_to_emulator)
        keys = boto3.Session(botocore_session=session).get_credentials()
        return (keys.get_frozen_credentials().access_key, "") if keys else (None, "no credentials")
    except Exception as error:  # whatever it raises: it has no keys
        return None, f"{type(error).__name__}: {error}"
    finally:
        os.environ.clear()
        os.environ.update(before)


# ---- spurn ----

def spurn_chooses(env):
    """The key's id, or None and why."""
    command = [SPURN, "doctor", "-c", os.path.join(HOME, "spurn.lua"), "--format", "json"]
    ran = subprocess.run(command, env=env, cwd=HOME, capture_output=True, text=True, timeout=60, check=False,
                         stdin=subprocess.DEVNULL)
    try:
        target = json.loads(ran.stdout)["targets"][0]
    except (ValueError, LookupError):
        return None, f"exit {ran.returncode}: {ran.stderr.strip()}"
    return target.get("key_id") or None, target.get("error") or ""


# ---- side by side ----

def control(path, body=None):
    data = json.dumps(body).encode() if body else None
    asked = urllib.request.Request(f"{URL}/_emulator/{path}", data, {"X-Spurn-Emulator": "1"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=20) as answer:
        return json.load(answer)


def known_keys():
    return {key["id"]: key.get("role") for key in control("keys")}


def name_of(key_id, keys):
    """Temporary keys are random: what counts is whose role they are of."""
    if key_id is None:
        return "none"
    role = keys.get(key_id)
    return f"role {role}" if role else key_id.replace("AKID", "", 1)


def is_before(version):
    """This botocore is older than that one."""
    def numbers(text):
        return [int(number) for number in text.split(".")[:3]]
    return numbers(botocore.__version__) < numbers(version)


def expected(setup, boto3_name):
    """What both should choose, and why they differ, if they do with this version of boto3."""
    want = setup["want"] or boto3_name
    wants, why = {"boto3": want, "spurn": want}, None
    for who, other, reason, since in setup["differs"]:
        if since is None or is_before(since):
            wants[who], why = other, reason
    return wants, why


def try_out(setup):
    """Prints what came out; true when it is as expected."""
    lay_out(setup)
    control("invitations", {"schema": 1, "accounts": [], "instance": setups.instance_that(setup["tokens"])})
    env = environment(setup)
    chosen = {"boto3": boto3_chooses(setup, env), "spurn": spurn_chooses(env)}
    keys = known_keys()
    got = {who: name_of(key_id, keys) for who, (key_id, _) in chosen.items()}
    wants, why = expected(setup, got["boto3"])
    if got == wants:
        print(f'ok {setup["name"]}: {got["spurn"]}' + (f' (boto3: {got["boto3"]}; {why})' if why else ""))
        return True
    reasons = "".join(f"\n    {who}: {reason}" for who, (_, reason) in chosen.items() if reason)
    print(f'FAIL {setup["name"]}: got {got}, want {wants}{reasons}')
    return False


def main():
    ContainerMetadataFetcher.IP_ADDRESS = urlsplit(URL).netloc
    ContainerMetadataFetcher.SLEEP_TIME = 0
    every = list(setups.everything())
    assert len({setup["name"] for setup in every}) == len(every) >= 100, "set-ups are missing, or called the same"
    passed = sum(try_out(setup) for setup in every)
    versions = f"boto3 {boto3.__version__}, botocore {botocore.__version__}"
    print(f"{len(every)} set-ups, {versions}: {passed} passed, {len(every) - passed} failed")
    return 0 if passed == len(every) else 1


sys.exit(main())
