// peers.mjs ENGINE FOLDER - the same decisions by an engine that Node runs; prints "ENGINE NANOSECONDS REJECTED HASH".
//
// Each is built once, before the clock runs, in the way that is fastest for it: where an engine lets the host answer, the host answers with
// a Set and one regular expression. Rejected is what the engine allows, since its rules say what goes.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [engine, folder] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const lines = (name) => readFileSync(join(folder, name), "utf8").trim().split("\n");
const invitations = JSON.parse(readFileSync(join(folder, "invitations.json"), "utf8"));
const globs = lines("globs.txt");
const trusted = new Set(lines("senders.txt"));
const WEEK_S = 7 * 86400;

const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = new RegExp(`^(?:${globs.map((glob) => glob.split("*").map(quoted).join(".*")).join("|")})$`, "i");

// Plain JavaScript: no engine at all, and no sandbox.
async function v8() {
    return (inv) => !trusted.has(inv.sender) || pattern.test(inv.name) || inv.age >= WEEK_S;
}

// Policies parsed once; who is trusted is the entity's parent, which the host sets. A policy says what may be rejected.
async function cedar() {
    const wasm = load("@cedar-policy/cedar-wasm/nodejs");
    const policies = `
        permit (principal, action, resource) unless { principal in Group::"trusted" };
        permit (principal, action, resource) when { ${globs.map((glob) => `context.name like "${glob}"`).join(" || ")} };
        permit (principal, action, resource) when { context.age >= ${WEEK_S} };`;
    const parsed = wasm.preparsePolicySet("bench", { staticPolicies: policies });
    if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
    const group = { type: "Group", id: "trusted" };
    const action = { type: "Action", id: "reject" };
    const resource = { type: "Invitation", id: "it" };
    return (inv) => {
        const principal = { type: "Account", id: inv.sender };
        const answer = wasm.statefulIsAuthorized({
            principal,
            action,
            resource,
            context: { name: inv.name.toLowerCase(), age: inv.age },
            entities: [{ uid: principal, attrs: {}, parents: trusted.has(inv.sender) ? [group] : [] }],
            preparsedPolicySetId: "bench",
            validateRequest: false,
        });
        if (answer.type !== "success") throw new Error(JSON.stringify(answer));
        return answer.response.decision === "allow";
    };
}

// A policy a rule, as there are in the others, and the answer says which rule it was.
async function casbin() {
    const enforcer = await casbinEnforcer(`(
        p.rule == "stranger" && !trusted(r.sender) ||
        p.rule == "name" && hit(r.name) ||
        p.rule == "old" && r.age >= ${WEEK_S})`);
    for (const rule of ["stranger", "name", "old"]) await enforcer.addPolicy(rule);
    return (inv) => enforcer.enforceExSync(inv.sender, inv.name, inv.age)[0];
}

// All in one expression: nobody learns which rule it was.
async function casbinOne() {
    const enforcer = await casbinEnforcer(`!trusted(r.sender) || hit(r.name) || r.age >= ${WEEK_S}`);
    await enforcer.addPolicy("any");
    return (inv) => enforcer.enforceSync(inv.sender, inv.name, inv.age);
}

async function casbinEnforcer(matcher) {
    const { newEnforcer, newModelFromString } = load("casbin");
    const enforcer = await newEnforcer(
        newModelFromString(`
[request_definition]
r = sender, name, age
[policy_definition]
p = rule
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher.replaceAll(/\s+/g, " ")}
`),
    );
    await enforcer.addFunction("trusted", (sender) => trusted.has(sender));
    await enforcer.addFunction("hit", (name) => pattern.test(name));
    return enforcer;
}

async function jsonRules() {
    const { Engine } = load("json-rules-engine");
    const engine = new Engine();
    engine.addOperator("stranger", (sender) => !trusted.has(sender));
    engine.addOperator("hit", (name) => pattern.test(name));
    const rules = {
        stranger: { fact: "sender", operator: "stranger", value: true },
        name: { fact: "name", operator: "hit", value: true },
        old: { fact: "age", operator: "greaterThanInclusive", value: WEEK_S },
    };
    for (const [name, condition] of Object.entries(rules))
        engine.addRule({ name, conditions: { all: [condition] }, event: { type: name } });
    return async (inv) => (await engine.run(inv)).events.length > 0;
}

const engines = { v8, cedar, casbin, casbinOne, jsonRules };
const decide = await engines[engine]();
const isAsync = engine === "jsonRules";
const answers = new Uint8Array(invitations.length);

async function decideAll() {
    if (isAsync) {
        for (let i = 0; i < invitations.length; i++) answers[i] = (await decide(invitations[i])) ? 1 : 0;
    } else {
        for (let i = 0; i < invitations.length; i++) answers[i] = decide(invitations[i]) ? 1 : 0;
    }
}

if (engine === "v8") await decideAll(); // warm: the others spend their time elsewhere
const began = process.hrtime.bigint();
await decideAll();
const spent = Number(process.hrtime.bigint() - began);

let rejected = 0;
let hash = 2166136261;
for (const answer of answers) {
    rejected += answer;
    hash = Math.imul(hash ^ answer, 16777619) >>> 0;
}
console.log(`${engine} ${(spent / invitations.length).toFixed(1)} ${rejected} ${hash.toString(16).padStart(8, "0")}`);
