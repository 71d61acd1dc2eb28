// peers.mjs ENGINE FOLDER - the same decisions by an engine that Node runs; prints "ENGINE NANOSECONDS REJECTED HASH".
//
// Each is built once, before the clock runs. Who is trusted is a Set of the host's for all of them: none has a fast one. The globs are the
// engine's own data, as they are spurn's; where a name ends with Host, the host has made one regular expression of them instead.
// Rejected is what the engine allows, since its rules say what goes.

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
const regexOf = (all) => new RegExp(`^(?:${all.map((glob) => glob.split("*").map(quoted).join(".*")).join("|")})$`, "i");
const pattern = regexOf(globs);

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

// The policy as casbin's own data: a line for each glob, matched by its own keyMatch-like function on a compiled pattern, and one each for
// the other two reasons; the answer says which line it was.
async function casbin() {
    const enforcer = await casbinEnforcer(`p.kind == "stranger" && !trusted(r.sender) ||
        p.kind == "name" && like(r.name, p.value) ||
        p.kind == "old" && r.age >= ${WEEK_S}`);
    const patterns = new Map(globs.map((glob) => [glob, regexOf([glob])]));
    await enforcer.addFunction("like", (name, glob) => patterns.get(glob).test(name));
    await enforcer.addPolicy("stranger", "");
    for (const glob of globs) await enforcer.addPolicy("name", glob);
    await enforcer.addPolicy("old", "");
    return (inv) => enforcer.enforceExSync(inv.sender, inv.name, inv.age)[0];
}

// All in one expression, the globs fused by the host: nobody learns which rule it was, and no glob is casbin's.
async function casbinHost() {
    const enforcer = await casbinEnforcer(`!trusted(r.sender) || hit(r.name) || r.age >= ${WEEK_S}`);
    await enforcer.addFunction("hit", (name) => pattern.test(name));
    await enforcer.addPolicy("any", "");
    return (inv) => enforcer.enforceSync(inv.sender, inv.name, inv.age);
}

async function casbinEnforcer(matcher) {
    const { newEnforcer, newModelFromString } = load("casbin");
    const enforcer = await newEnforcer(
        newModelFromString(`
[request_definition]
r = sender, name, age
[policy_definition]
p = kind, value
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher.replaceAll(/\s+/g, " ")}
`),
    );
    await enforcer.addFunction("trusted", (sender) => trusted.has(sender));
    return enforcer;
}

async function jsonEngine(nameConditions) {
    const { Engine } = load("json-rules-engine");
    const engine = new Engine();
    const patterns = new Map(globs.map((glob) => [glob, regexOf([glob])]));
    engine.addOperator("stranger", (sender) => !trusted.has(sender));
    engine.addOperator("hit", (name) => pattern.test(name));
    engine.addOperator("like", (name, glob) => patterns.get(glob).test(name));
    const rules = {
        stranger: [{ fact: "sender", operator: "stranger", value: true }],
        name: nameConditions,
        old: [{ fact: "age", operator: "greaterThanInclusive", value: WEEK_S }],
    };
    for (const [name, conditions] of Object.entries(rules))
        engine.addRule({ name, conditions: { any: conditions }, event: { type: name } });
    return async (inv) => (await engine.run(inv)).events.length > 0;
}

// A condition a glob; and with the globs fused by the host.
const jsonRules = () => jsonEngine(globs.map((glob) => ({ fact: "name", operator: "like", value: glob })));
const jsonRulesHost = () => jsonEngine([{ fact: "name", operator: "hit", value: true }]);

const engines = { v8, cedar, casbin, casbinHost, jsonRules, jsonRulesHost };
const decide = await engines[engine]();
const isAsync = engine.startsWith("jsonRules");
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
