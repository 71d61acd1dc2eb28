"""setups.py - set-ups of credentials as people have them: environment, files, caches, endpoints, programs.

In texts @HOME@ is the set-up's own home and @URL@ the emulator.
"""
import hashlib
import itertools
import json

OWNER, OTHER = "111122223333", "222233334444"
PORTAL = "https://example.awsapps.com/start"
STATIC = ["ENV", "SHARED", "CONFIG", "PROCESS", "BASE", "OTHERFILE", "TOKEN", "SECOND"]
WEB_TOKEN, PORTAL_TOKEN, POD_TOKEN = "a.web.identity.token", "portal-token-of-the-test", "pod-token-of-the-test"


def instance_that(tokens):
    return {"aws": {"account": OTHER, "role": "machine", "tokens": tokens}}


def secret(name):
    return f"secret-of-{name.lower()}"


def scenario():
    """What the emulator plays: whoever holds a key or may take a role in the set-ups below."""
    keys = [{"id": "AKID" + name, "secret": secret(name)} for name in STATIC if name != "TOKEN"]
    keys.append({"id": "AKIDTOKEN", "secret": secret("TOKEN"), "token": "token-of-session"})
    trusting = [{"name": name, "trusts": [OWNER, OTHER]} for name in ("chained", "second", "third")]
    return {
        "schema": 1,
        "accounts": [
            {"cloud": "aws", "id": OWNER, "keys": keys, "regions": [{"name": "us-east-1"}]},
            {"cloud": "aws", "id": OTHER, "regions": [{"name": "us-east-1"}], "roles": trusting + [
                {"name": "guarded", "trusts": [OWNER], "external_id": "right"},
                {"name": "closed"},
                {"name": "pods", "web_identity": [WEB_TOKEN, "expired:an.old.token"]},
            ]},
        ],
        "instance": instance_that("required"),
        "containers": [
            {"cloud": "aws", "path": "/v2/credentials/task", "account": OTHER, "role": "task"},
            {"cloud": "aws", "path": "/v1/credentials", "account": OTHER, "role": "pod", "authorization": POD_TOKEN},
        ],
        "sso": [{"cloud": "aws", "token": PORTAL_TOKEN, "accounts": [{"account": OTHER, "role": "ReadOnly"}]}],
    }


# ---- pieces of set-ups ----

def keys(name, token=None):
    """Lines of a profile."""
    lines = f"aws_access_key_id = AKID{name}\naws_secret_access_key = {secret(name)}\n"
    return lines + (f"aws_session_token = {token}\n" if token else "")


def env_keys(name="ENV"):
    return {"AWS_ACCESS_KEY_ID": "AKID" + name, "AWS_SECRET_ACCESS_KEY": secret(name)}


def profile(name, *lines, in_credentials=False):
    heading = name if name == "default" or in_credentials else f"profile {name}"
    return f"[{heading}]\n" + "".join(lines)


def role(name, *lines):
    return f"role_arn = arn:aws:iam::{OTHER}:role/{name}\n" + "".join(line + "\n" for line in lines)


def process_output(name, **more):
    text = f'"Version": 1, "AccessKeyId": "AKID{name}", "SecretAccessKey": "{secret(name)}"'
    return "{" + text + "".join(f', "{key}": "{value}"' for key, value in more.items()) + "}"


PROCESS = {"process.json": process_output("PROCESS")}
PROCESS_LINE = "credential_process = cat @HOME@/process.json\n"
WEB = {"web_token": WEB_TOKEN}
WEB_ENV = {"AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/web_token", "AWS_ROLE_ARN": f"arn:aws:iam::{OTHER}:role/pods"}
TASK_ENV = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "@URL@/v2/credentials/task"}
POD_ENV = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "@URL@/v1/credentials"}
SSO_LEGACY = (f"sso_start_url = {PORTAL}\nsso_region = us-east-1\nsso_account_id = {OTHER}\n"
              "sso_role_name = ReadOnly\n")
SSO_PROFILE = f"sso_session = people\nsso_account_id = {OTHER}\nsso_role_name = ReadOnly\n"
SSO_SESSION = f"[sso-session people]\nsso_start_url = {PORTAL}\nsso_region = us-east-1\n"


def cached_token(of, token=PORTAL_TOKEN, expires="2099-01-01T00:00:00Z"):
    path = f".aws/sso/cache/{hashlib.sha1(of.encode()).hexdigest()}.json"
    members = {"startUrl": PORTAL, "region": "us-east-1", "accessToken": token, "expiresAt": expires}
    return {path: json.dumps(members)}


SIGNED_IN = {**cached_token(PORTAL), **cached_token("people")}


def setup(name, want, env=None, config="", credentials="", files=None, chosen=None, instance=False, differs=(),
          tokens="required"):
    """One set-up. want: what both choose: a key of STATIC, "role NAME" or "none"; None: what boto3 does. chosen: the
    profile that code or configuration names. instance: there is an instance's metadata service, which wants `tokens`
    (required, optional; none: it is too old for them). differs: (who chooses
    something else, what, why, the botocore that ended it; None: it is still so), ...
    """
    return {"name": name, "want": want, "env": env or {}, "config": config, "credentials": credentials,
            "files": files or {}, "chosen": chosen, "instance": instance, "differs": differs,
            "tokens": tokens}


# ---- each source beside each other one: which is taken is what boto3 says ----

def sources(name):
    """Of profile `name`: label, environment, lines in config, lines in credentials, files."""
    return [
        ("environment", env_keys(), "", "", {}),
        ("web identity", WEB_ENV, "", "", WEB),
        ("role", {}, role("chained", "source_profile = base"), "", {}),
        ("sso", {}, SSO_LEGACY, "", SIGNED_IN),
        ("credentials file", {}, "", keys("SHARED"), {}),
        ("process", {}, PROCESS_LINE, "", PROCESS),
        ("config file", {}, keys("CONFIG"), "", {}),
        ("container", TASK_ENV, "", "", {}),
    ]


def combined(chosen_by, parts):
    name = "default" if chosen_by == "nobody" else "work"
    env, config, credentials, files = {}, "", "", {}
    for _, more_env, more_config, more_credentials, more_files in parts:
        env = {**env, **more_env}
        config += more_config
        credentials += more_credentials
        files = {**files, **more_files}
    if chosen_by == "AWS_PROFILE":
        env["AWS_PROFILE"] = "work"
    label = " + ".join(part[0] for part in parts) or "nothing"
    return setup(
        f"{label}, profile chosen by {chosen_by}", None, env=env, files=files, instance=True,
        config=profile(name, "region = us-east-1\n", config) + profile("base", keys("BASE")),
        credentials=profile(name, credentials, in_credentials=True) if credentials else "",
        chosen="work" if chosen_by == "code" else None)


def combinations():
    for chosen_by in ("nobody", "AWS_PROFILE", "code"):
        parts = sources("work")
        for count in (0, 1, 2):
            for some in itertools.combinations(parts, count):
                yield combined(chosen_by, some)
        for first in range(len(parts) - 2):
            yield combined(chosen_by, parts[first:])


# ---- set-ups with a point of their own ----

def environment_setups():
    session = {**env_keys("TOKEN"), "AWS_SESSION_TOKEN": "token-of-session"}
    yield setup("a session in the environment", "TOKEN", env=session)
    yield setup("a session token by its older name", "TOKEN",
                env={**env_keys("TOKEN"), "AWS_SECURITY_TOKEN": "token-of-session"})
    yield setup("a key without its secret", "none", env={"AWS_ACCESS_KEY_ID": "AKIDENV"},
                credentials=profile("default", keys("SHARED")))
    yield setup("a secret without its key", "SHARED", env={"AWS_SECRET_ACCESS_KEY": "x"},
                credentials=profile("default", keys("SHARED")))
    yield setup("an empty key is none", "SHARED", env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
                credentials=profile("default", keys("SHARED")))
    yield setup("a key that is over when the environment says so", "none",
                env={**env_keys(), "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"})
    yield setup("an unknown profile in AWS_PROFILE", "none", env={"AWS_PROFILE": "nobody"},
                credentials=profile("default", keys("SHARED")))
    yield setup("AWS_DEFAULT_PROFILE", "SHARED", env={"AWS_DEFAULT_PROFILE": "work"},
                credentials=profile("work", keys("SHARED"), in_credentials=True) + profile("default", keys("SECOND")))
    yield setup("AWS_PROFILE and AWS_DEFAULT_PROFILE", "SECOND",
                differs=[("boto3", "SHARED", "the SDK for Go looks at AWS_PROFILE first", None)],
                env={"AWS_DEFAULT_PROFILE": "one", "AWS_PROFILE": "two"},
                credentials=profile("one", keys("SHARED"), in_credentials=True)
                + profile("two", keys("SECOND"), in_credentials=True))
    yield setup("keys in the environment and an unknown profile in AWS_PROFILE", None,
                env={**env_keys(), "AWS_PROFILE": "nobody"})
    yield setup("nothing at all", "none")


def file_setups():
    yield setup("the file of the first tools", "SECOND", env={"AWS_CREDENTIAL_FILE": "@HOME@/first"},
                files={"first": f"AWSAccessKeyId=AKIDSECOND\nAWSSecretKey={secret('SECOND')}\n"})
    yield setup("the file of boto before boto3", "SECOND", files={".boto": "[Credentials]\n" + keys("SECOND")})
    yield setup("another credentials file", "OTHERFILE", files={"elsewhere": profile("default", keys("OTHERFILE"))},
                env={"AWS_SHARED_CREDENTIALS_FILE": "@HOME@/elsewhere"}, credentials=profile("default", keys("SHARED")))
    yield setup("another credentials file, beneath a tilde", "OTHERFILE",
                files={"elsewhere": profile("default", keys("OTHERFILE"))},
                env={"AWS_SHARED_CREDENTIALS_FILE": "~/elsewhere"})
    yield setup("a credentials file that is not there", "none", env={"AWS_SHARED_CREDENTIALS_FILE": "@HOME@/nowhere"},
                credentials=profile("default", keys("SHARED")))
    yield setup("another config file", "OTHERFILE", files={"elsewhere": profile("work", keys("OTHERFILE"))},
                env={"AWS_CONFIG_FILE": "@HOME@/elsewhere", "AWS_PROFILE": "work"})
    yield setup("a config file that is not there", "SHARED", env={"AWS_CONFIG_FILE": "@HOME@/nowhere"},
                credentials=profile("default", keys("SHARED")))
    yield setup("a section of the config file without the word profile", "none", config="[work]\n" + keys("CONFIG"),
                chosen="work")
    yield setup("default as a profile's name", None, config="[profile default]\n" + keys("CONFIG"))
    yield setup("default twice", None, config="[default]\n" + keys("CONFIG") + "[profile default]\n" + keys("SECOND"))
    yield setup("a profile's name in quotes", "CONFIG", config='[profile "my team"]\n' + keys("CONFIG"), chosen="my team")
    yield setup("names in capitals", "SHARED", credentials=profile(
        "default", keys("SHARED").replace("aws_access_key_id", "AWS_ACCESS_KEY_ID").replace("aws_secret", "AWS_Secret")))
    yield setup("a colon instead of an equals sign", "SHARED",
                credentials=profile("default", keys("SHARED").replace(" = ", ": ")))
    yield setup("no blanks around the equals sign", "SHARED",
                credentials=profile("default", keys("SHARED").replace(" = ", "=")))
    yield setup("lines that end as on Windows", "SHARED",
                credentials=profile("default", keys("SHARED")).replace("\n", "\r\n"))
    yield setup("comments on lines of their own", "SHARED",
                credentials="# mine\n; yours\n" + profile("default", "# a key\n", keys("SHARED")))
    yield setup("a comment behind a value", "SHARED", credentials=profile(
        "default", keys("SHARED").replace("AKIDSHARED\n", "AKIDSHARED # mine\n")),
        differs=[("boto3", "SHARED # mine", "it takes the comment for part of the value; the SDK for Go does not", None)])
    yield setup("a nested section", "CONFIG", config=profile(
        "default", "s3 =\n    max_concurrent_requests = 20\n    addressing_style = path\n", keys("CONFIG")))
    yield setup("a section twice", None,
                credentials=profile("default", keys("SHARED")) + profile("default", keys("SECOND")))
    yield setup("a key twice", None, credentials=profile("default", keys("SHARED"), keys("SECOND")))
    yield setup("a line that is none", None, credentials=profile("default", keys("SHARED"), "what is this\n"))
    yield setup("a file's key without its secret", "none", credentials=profile("default", "aws_access_key_id = AKIDSHARED\n"),
                instance=True)
    yield setup("a config file's key without its secret", "none",
                config=profile("default", "aws_access_key_id = AKIDCONFIG\n"), instance=True)
    yield setup("a session in the credentials file", "TOKEN",
                credentials=profile("default", keys("TOKEN", "token-of-session")))
    yield setup("a session by its older name in the credentials file", "TOKEN", credentials=profile(
        "default", keys("TOKEN", "token-of-session").replace("aws_session_token", "aws_security_token")))
    yield setup("half of the keys in each file", None, credentials=profile("default", "aws_access_key_id = AKIDSHARED\n"),
                config=profile("default", f"aws_secret_access_key = {secret('SHARED')}\n"))
    yield setup("an empty profile", "none", config=profile("work"), chosen="work")


def process_setups():
    def of(name, want, output, line=PROCESS_LINE, **more):
        return setup(name, want, config=profile("default", line), files={"process.json": output}, **more)

    yield of("a process with a session", "TOKEN", process_output("TOKEN", SessionToken="token-of-session"))
    yield of("a process whose keys live on", "PROCESS", process_output("PROCESS", Expiration="2099-01-01T00:00:00Z"))
    yield of("a process whose keys are over", "none", process_output("PROCESS", Expiration="2020-01-01T00:00:00Z"))
    yield of("a process of another version", "none", process_output("PROCESS").replace("1,", "2,"))
    yield of("a process without a version", "none", process_output("PROCESS").replace('"Version": 1, ', ""))
    yield of("a process without a secret", "none", '{"Version": 1, "AccessKeyId": "AKIDPROCESS"}')
    yield of("a process that writes no JSON", "none", "hello\n", instance=True)
    yield of("a process that fails", "none", "", line="credential_process = false\n", instance=True)
    yield of("a process that is not there", "none", "", line="credential_process = @HOME@/nothing\n", instance=True)
    yield of("a process with quotes", "PROCESS", process_output("PROCESS"),
             line="credential_process = sh -c \"cat '@HOME@/process.json'\"\n")
    yield setup("a process in the credentials file", "PROCESS", files=PROCESS,
                credentials=profile("default", PROCESS_LINE))


def role_setups():
    base = profile("base", keys("BASE"))

    def of(name, want, *lines, **more):
        return setup(name, want, config=profile("work", *lines) + more.pop("config", base), chosen="work", **more)

    yield of("a role and its source profile", "role chained", role("chained", "source_profile = base"))
    yield of("a role whose source is in the credentials file", "role chained", role("chained", "source_profile = base"),
             config="", credentials=profile("base", keys("BASE"), in_credentials=True))
    yield setup("a role in the credentials file", "role chained", config=base, chosen="work",
                credentials=profile("work", role("chained", "source_profile = base"), in_credentials=True))
    yield of("a role with the profile's own keys", "role chained", role("chained", "source_profile = work"), keys("BASE"))
    yield of("a role whose own keys are in the other file", "role chained", role("chained", "source_profile = work"),
             credentials=profile("work", keys("SHARED"), in_credentials=True))
    yield of("a role after a role", "role second", role("second", "source_profile = first"),
             config=profile("first", role("chained", "source_profile = base")) + base)
    yield of("a role after a role after a role", "role third", role("third", "source_profile = b"),
             config=profile("b", role("second", "source_profile = a"))
             + profile("a", role("chained", "source_profile = base")) + base)
    yield of("a circle of roles", "none", role("second", "source_profile = a"),
             config=profile("a", role("chained", "source_profile = work")), instance=True)
    yield of("a role whose source is itself and has no keys", "none", role("chained", "source_profile = work"), instance=True)
    yield of("a role whose source is not there", "none", role("chained", "source_profile = nobody"), instance=True)
    yield of("a role whose source has nothing", "none", role("chained", "source_profile = empty"),
             config=profile("empty", "region = us-east-1\n"))
    yield of("a role without a source", "none", role("chained"), instance=True)
    yield of("a role with two sources", "none",
             role("chained", "source_profile = base", "credential_source = Environment"), env=env_keys())
    yield of("a role from the environment", "role chained", role("chained", "credential_source = Environment"),
             env=env_keys(), config="")
    yield of("a role from an environment without keys", "none", role("chained", "credential_source = Environment"),
             config="", instance=True)
    yield of("a role from the instance", "role chained", role("chained", "credential_source = Ec2InstanceMetadata"),
             config="", instance=True)
    yield of("a role from no instance", "none", role("chained", "credential_source = Ec2InstanceMetadata"), config="")
    yield of("a role from the container", "role chained", role("chained", "credential_source = EcsContainer"), config="",
             env=TASK_ENV)
    yield of("a role from no container", "none", role("chained", "credential_source = EcsContainer"), config="", instance=True)
    yield of("a role from a source that nobody knows", "none", role("chained", "credential_source = Moon"), config="",
             instance=True)
    yield of("a role with an external id", "role guarded",
             role("guarded", "source_profile = base", "external_id = right", "duration_seconds = 1800",
                  "role_session_name = nightly"))
    yield of("a role with a wrong external id", "none",
             role("guarded", "source_profile = base", "external_id = wrong"), instance=True)
    yield of("a role that trusts nobody", "none", role("closed", "source_profile = base"), instance=True)
    yield of("a role that is asked for too long", "none",
             role("chained", "source_profile = base", "duration_seconds = 7200"))
    yield of("a role whose time is no number", None,
             role("chained", "source_profile = base", "duration_seconds = long"))
    yield of("a role that wants a second factor", "none",
             role("chained", "source_profile = base", f"mfa_serial = arn:aws:iam::{OWNER}:mfa/me"))
    yield of("a role from a process", "role chained", role("chained", "source_profile = base"),
             config=profile("base", PROCESS_LINE), files=PROCESS)
    yield of("a role from a web identity", "role chained", role("chained", "source_profile = base"),
             config=profile("base", role("pods", "web_identity_token_file = @HOME@/web_token")), files=WEB)
    yield of("a role from the portal", "role chained", role("chained", "source_profile = base"),
             config=profile("base", SSO_LEGACY), files=SIGNED_IN)
    yield of("a role from the portal by its session", "role chained", role("chained", "source_profile = base"),
             config=profile("base", SSO_PROFILE) + SSO_SESSION, files=SIGNED_IN,
             differs=[("boto3", "none", "it looked for the sign-in in the chosen profile instead of the source", "1.29.75")])
    yield of("a role before the profile's own keys", "role chained", role("chained", "source_profile = base"), keys("CONFIG"))
    yield setup("a role in the default profile, AWS_PROFILE another", "SHARED", env={"AWS_PROFILE": "plain"},
                config=profile("default", role("chained", "source_profile = base")) + base,
                credentials=profile("plain", keys("SHARED"), in_credentials=True))


def web_identity_setups():
    in_profile = role("pods", "web_identity_token_file = @HOME@/web_token")
    yield setup("a web identity in the environment", "role pods", env=WEB_ENV, files=WEB)
    yield setup("a web identity with a session's name", "role pods", files=WEB,
                env={**WEB_ENV, "AWS_ROLE_SESSION_NAME": "pod-7"})
    yield setup("a web identity in a profile", "role pods", config=profile("work", in_profile), files=WEB, chosen="work")
    yield setup("a web identity in the default profile", "role pods", config=profile("default", in_profile), files=WEB)
    yield setup("a web identity of the environment does not reach a profile that code names", "SHARED", env=WEB_ENV,
                files=WEB, credentials=profile("work", keys("SHARED"), in_credentials=True), chosen="work")
    yield setup("a web identity whose file ends with a line's end", "role pods", env=WEB_ENV,
                files={"web_token": WEB_TOKEN + "\n"},
                differs=[("boto3", "none", "it sends the line's end too, and that is no token", None)])
    yield setup("a web identity whose file is not there", "none", env=WEB_ENV, instance=True)
    yield setup("a web identity that is wrong", "none", env=WEB_ENV, files={"web_token": "not.the.token"}, instance=True)
    yield setup("a web identity that is over", "none", env=WEB_ENV, files={"web_token": "an.old.token"}, instance=True)
    yield setup("a web identity without a role", None, files=WEB, instance=True,
                env={"AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/web_token"})
    yield setup("a role in the environment without a web identity", "role machine", instance=True,
                env={"AWS_ROLE_ARN": f"arn:aws:iam::{OTHER}:role/pods"})


def portal_setups():
    def of(name, want, lines, config="", **more):
        return setup(name, want, config=profile("work", lines) + config, chosen="work", **more)

    yield of("the portal by its start address", "role ReadOnly", SSO_LEGACY, files=SIGNED_IN)
    yield of("the portal by its session", "role ReadOnly", SSO_PROFILE, SSO_SESSION, files=SIGNED_IN)
    yield of("the portal before anybody signed in", "none", SSO_LEGACY, instance=True)
    yield of("the portal by its session before anybody signed in", "none", SSO_PROFILE, SSO_SESSION, instance=True)
    yield of("a sign-in that is over", "none", SSO_LEGACY, instance=True,
             files=cached_token(PORTAL, expires="2020-01-01T00:00:00Z"),
             differs=[("boto3", "role ReadOnly", "it left it to the portal to know that", "1.39.15")])
    yield of("a sign-in that is over, by its session", "none", SSO_PROFILE, SSO_SESSION, instance=True,
             files=cached_token("people", expires="2020-01-01T00:00:00Z"))
    yield of("a sign-in that the portal does not know", "none", SSO_LEGACY, files=cached_token(PORTAL, token="other"),
             instance=True)
    yield of("a role that the portal does not give", "none", SSO_LEGACY.replace("ReadOnly", "Admin"), files=SIGNED_IN,
             instance=True)
    yield of("a session of the portal that is not there", "none", SSO_PROFILE, files=SIGNED_IN, instance=True)
    yield of("the portal without a role", "none", SSO_LEGACY.replace("sso_role_name = ReadOnly\n", ""), files=SIGNED_IN,
             instance=True)
    yield of("a sign-in of `aws login`", "none", f"login_session = arn:aws:iam::{OWNER}:user/me\n", instance=True,
             differs=[("boto3", "role machine", "it does not know that sign-in yet", "1.41.0")])
    yield of("a cached sign-in that is no JSON", "none", SSO_LEGACY, instance=True,
             files={next(iter(cached_token(PORTAL))): "hello"})


def endpoint_setups():
    yield setup("a container", "role task", env=TASK_ENV, instance=True)
    yield setup("a container by its path alone", "role task", instance=True,
                env={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/task"})
    yield setup("a pod", "role pod", env={**POD_ENV, "AWS_CONTAINER_AUTHORIZATION_TOKEN": POD_TOKEN})
    older = [("boto3", "none", "it does not know that file yet", "1.32.0")]
    yield setup("a pod whose proof is in a file", "role pod", files={"proof": POD_TOKEN}, differs=older,
                env={**POD_ENV, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "@HOME@/proof"})
    yield setup("a pod whose proof is in a file and in the environment", "role pod", files={"proof": POD_TOKEN},
                differs=older, env={**POD_ENV, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong",
                                     "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "@HOME@/proof"})
    yield setup("a pod with a wrong proof", "none", env={**POD_ENV, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong"},
                instance=True)
    yield setup("a pod whose proof has a line's end", "none", instance=True,
                env={**POD_ENV, "AWS_CONTAINER_AUTHORIZATION_TOKEN": POD_TOKEN + "\r\nX: y"})
    yield setup("a container that is far away", "none", instance=True,
                env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/credentials"})
    yield setup("a container that answers nothing", "none", instance=True,
                env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "@URL@/nothing"})
    yield setup("an instance", "role machine", instance=True)
    yield setup("an instance that takes tokens or none", "role machine", instance=True, tokens="optional")
    yield setup("an instance that knows no tokens", "role machine", instance=True, tokens="none")
    yield setup("an instance that knows no tokens, when these must be", "none", instance=True, tokens="none",
                env={"AWS_EC2_METADATA_V1_DISABLED": "true"},
                differs=[("boto3", "role machine", "it does not know that variable yet", "1.32.4")])
    yield setup("an instance that is not to be asked", "none", instance=True, env={"AWS_EC2_METADATA_DISABLED": "true"})
    yield setup("a profile that code names falls back to the instance", None, config=profile("work", "region = us-east-1\n"),
                chosen="work", instance=True)


def everything():
    for some in (environment_setups, file_setups, process_setups, role_setups, web_identity_setups, portal_setups,
                 endpoint_setups, combinations):
        yield from some()
