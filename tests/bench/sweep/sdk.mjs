// sdk.mjs URL CONCURRENCY COUNT - lists and rejects COUNT invitations with the AWS SDK for JavaScript, over kept-alive connections.
import { Agent } from "node:http";
import { paginateGetResourceShareInvitations, RAMClient, RejectResourceShareInvitationCommand } from "@aws-sdk/client-ram";

const [url, concurrency, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const ram = new RAMClient({
    endpoint: url, region: "us-east-1", maxAttempts: 1,
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) },
});

const arns = [];
for await (const page of paginateGetResourceShareInvitations({ client: ram }, { maxResults: 500 })) {
    arns.push(...page.resourceShareInvitations.map((invitation) => invitation.resourceShareInvitationArn));
    if (arns.length >= count) break;
}
let next = 0;
async function work() {
    while (next < count) {
        const answer = await ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn: arns[next++] }));
        if (answer.resourceShareInvitation.status !== "REJECTED") throw new Error("not rejected");
    }
}
await Promise.all(Array.from({ length: concurrency }, work));
ram.destroy();
