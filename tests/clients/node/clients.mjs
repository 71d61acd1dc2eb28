// clients.mjs AWS_URL ALIBABA_URL - the SDKs of both clouds for JavaScript, unchanged, against the emulator.
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { GetResourceShareInvitationsCommand, RAMClient } from "@aws-sdk/client-ram";
import {
    AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient,
} from "@aws-sdk/client-sts";
import { fromHttp, fromInstanceMetadata, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import Core from "@alicloud/pop-core";

const [aws, alibaba] = process.argv.slice(2);
let passed = 0, failed = 0;

async function test(name, want, body) {
    const got = await body().catch((error) => `${error.name}: ${error.message}`);
    const isRight = want instanceof RegExp ? want.test(got) : got === want;
    console.log(isRight ? `ok ${name}` : `FAIL ${name}: got '${got}', want '${want}'`);
    isRight ? passed++ : failed++;
}

// ---- AWS ----

const own = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const at = (credentials) => ({ endpoint: aws, region: "us-east-1", credentials, maxAttempts: 1 });
const role = (name) => ({ RoleArn: `arn:aws:iam::222233334444:role/${name}`, RoleSessionName: "js" });
const who = async (credentials) => (await new STSClient(at(credentials)).send(new GetCallerIdentityCommand({}))).Arn;
const assume = (name) => new STSClient(at(own)).send(new AssumeRoleCommand(role(name)));

await test("a role is assumed", "arn:aws:sts::222233334444:assumed-role/open/js", () =>
    who(fromTemporaryCredentials({ params: role("open"), masterCredentials: own, clientConfig: at(own) })));
await test("a session lasts an hour", "1 h", async () => {
    const { Credentials } = await assume("open");
    return `${Math.round((Credentials.Expiration - Date.now()) / 3600000)} h`;
});
await test("a role that trusts nobody is closed", /^AccessDenied: /, () => assume("closed"));
await test("a wrong web identity is refused", /^InvalidIdentityTokenException: /, () =>
    new STSClient(at(undefined)).send(new AssumeRoleWithWebIdentityCommand({ ...role("pods"), WebIdentityToken: "other" })));
await test("an instance has its role", /assumed-role\/machine\/i-/, () => {
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = aws;
    return who(fromInstanceMetadata({ timeout: 5000 }));
});
await test("a pod has its role", /assumed-role\/pod\//, () =>
    who(fromHttp({ awsContainerCredentialsFullUri: `${aws}/v1/credentials`, awsContainerAuthorizationToken: "pod-token" })));
await test("the keys of a role list what its account got", 2, async () => {
    const keys = fromTemporaryCredentials({ params: role("open"), masterCredentials: own, clientConfig: at(own) });
    const page = await new RAMClient(at(keys)).send(new GetResourceShareInvitationsCommand({}));
    return page.resourceShareInvitations.length;
});
await test("an organization is listed page by page", "7 accounts, SUSPENDED", async () => {
    const accounts = [];
    for await (const page of paginateListAccounts({ client: new OrganizationsClient(at(own)) }, {}))
        accounts.push(...page.Accounts);
    return `${accounts.length} accounts, ${accounts[2].State}`;
});

// ---- Alibaba Cloud ----

const client = (keys, apiVersion) => new Core({ endpoint: alibaba, apiVersion, ...keys });
const owner = { accessKeyId: "LTAIEXAMPLE", accessKeySecret: "long-lived" };
const take = async (name) => {
    const parameters = { RoleArn: `acs:ram::2222222222222222:role/${name}`, RoleSessionName: "js" };
    const { Credentials } = await client(owner, "2015-04-01").request("AssumeRole", parameters, { method: "POST" });
    return { accessKeyId: Credentials.AccessKeyId, accessKeySecret: Credentials.AccessKeySecret,
        securityToken: Credentials.SecurityToken };
};

await test("a role of Alibaba Cloud is assumed", "acs:ram::2222222222222222:assumed-role/open/js", async () =>
    (await client(await take("open"), "2015-04-01").request("GetCallerIdentity", {}, { method: "POST" })).Arn);
await test("its keys list what its account got", 2, async () => {
    const answer = await client(await take("open"), "2020-01-10").request("ListResourceShareInvitations", {});
    return answer.ResourceShareInvitations.length;
});
await test("a role that does not exist is not found", /^EntityNotExist.RoleError: /, () => take("nothing"));
await test("a resource directory is listed with its tags", "3 prod", async () => {
    const answer = await client(owner, "2020-03-31").request("ListAccounts", { IncludeTags: true }, { method: "POST" });
    return `${answer.TotalCount} ${answer.Accounts.Account[0].Tags.Tag[0].Value}`;
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
