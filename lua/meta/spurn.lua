---@meta spurn
-- The words of policies, their tests and the configuration, for editors (lua-language-server). Never loaded by spurn.

-- ---- conditions ---------------------------------------------------------------------------------

---True, false or unknown about an invitation. Compose with `&`, `|` and `~`; `and`, `or` and `not` are errors.
---@class spurn.Condition
---@operator band(spurn.Condition|fun(inv: spurn.Invitation): boolean): spurn.Condition
---@operator bor(spurn.Condition|fun(inv: spurn.Invitation): boolean): spurn.Condition
---@operator bnot: spurn.Condition

---@alias spurn.Test spurn.Condition|fun(inv: spurn.Invitation): boolean

---Items of a file, kept by the host; a policy cannot look into it.
---@class spurn.List

---@alias spurn.Values string|string[]|spurn.List|(string|spurn.List)[]

---A duration: "90s", "15m", "6h", "7d", "2w", "1d12h".
---@alias spurn.Duration string

---Holds when the sending account is one of these.
---@param ids spurn.Values 12 digits at AWS, 16 at Alibaba Cloud, in quotes
---@return spurn.Condition
function sender(ids) end

---Holds when the receiving account is one of these.
---@param ids spurn.Values
---@return spurn.Condition
function account(ids) end

---Holds when the IAM user or role that it was sent to matches (AWS).
---@param globs spurn.Values
---@return spurn.Condition
function receiver_arn(globs) end

---Holds when the share's whole name matches: `*` any run, `?` one character, capitals make no difference.
---@param globs spurn.Values
---@return spurn.Condition
function name(globs) end

---Holds when it is at least so old; unknown when it has no date.
---@param duration spurn.Duration
---@return spurn.Condition
function older(duration) end

---Holds when it is younger; unknown when it has no date.
---@param duration spurn.Duration
---@return spurn.Condition
function younger(duration) end

---Holds when it came from this cloud.
---@param names "aws"|"alibaba"|("aws"|"alibaba")[]
---@return spurn.Condition
function cloud(names) end

---Holds when it was found in a region that matches.
---@param globs spurn.Values
---@return spurn.Condition
function region(globs) end

---Holds when the share's ARN or id matches.
---@param globs spurn.Values
---@return spurn.Condition
function share(globs) end

---Holds for everything.
---@type spurn.Condition
always = nil

---Holds when every one holds.
---@param conditions spurn.Test[]
---@return spurn.Condition
function all(conditions) end

---Holds when at least one holds.
---@param conditions spurn.Test[]
---@return spurn.Condition
function any(conditions) end

---Holds when not one holds.
---@param conditions spurn.Test[]
---@return spurn.Condition
function none(conditions) end

-- ---- rules --------------------------------------------------------------------------------------

---@class spurn.KeepOptions
---@field [1] spurn.Test the condition
---@field unless? spurn.Test and not this
---@field reason? string may name fields: "{sender} is {age} old"
---@field ends? string the last day, in UTC: "2027-01-31"

---@class spurn.RejectOptions: spurn.KeepOptions
---@field mode? "observe" only records what it would have done

---What is kept is never rejected, by any policy, in whatever order.
---@param rule string a name of its own
---@return fun(condition: spurn.Test|spurn.KeepOptions)
function keep(rule) end

---Rejects what the condition holds for, unless a keep rule is true or in doubt.
---@param rule string a name of its own
---@return fun(condition: spurn.Test|spurn.RejectOptions)
function reject(rule) end

-- ---- values -------------------------------------------------------------------------------------

---The policy's parameters and their defaults; the configuration fills them in. Once a policy.
---@generic T: table
---@param defaults T
---@return T
function params(defaults) end

---A parameter without a default.
---@param what string what it is, for whoever forgets it
---@return any
function required(what) end

---The items of a file, or of several, beneath the policy's folder: UTF-8, one a line, `#` begins a comment.
---@param files string|{[integer]: string, may_be_empty?: boolean}
---@return spurn.List
function list(files) end

---@param duration spurn.Duration
---@return integer seconds "6h" is 21600
function seconds(duration) end

-- ---- the invitation, as functions see it --------------------------------------------------------

---A read-only view, valid during the call. Reading what the cloud left out ends the function, and its rule is undecided.
---@class spurn.Invitation
---@field id string
---@field cloud "aws"|"alibaba"
---@field region string
---@field account string the receiving account
---@field sender string the sending account
---@field receiver_arn string AWS: the IAM user or role that it was sent to
---@field name string of the share; chosen by the sender
---@field share string the share's ARN or id
---@field status string
---@field created integer seconds since 1970
---@field age integer seconds
---@field expires integer seconds since 1970
---@field first_seen integer by an earlier sweep, seconds since 1970
---@field times_seen integer by earlier sweeps
---@field now integer the sweep's one clock, seconds since 1970
local Invitation = {}

---Did the cloud say this?
---@param field string
---@return boolean
function Invitation:has(field) end

---A table that may be kept.
---@return table<string, string|integer>
function Invitation:copy() end

-- ---- a policy's tests ---------------------------------------------------------------------------

---What is left out is ordinary: AWS, us-east-1, sender 999999999999, named, an hour old. `false` leaves a field out.
---@class spurn.PolicyTest
---@field expect "reject"|"keep"|"none" "none": it is left pending, whatever the cause
---@field rule? string must be among those that matched, or, of what is undecided, the one that holds it
---@field reason? string
---@field observe? string a rule that observes, and would have rejected
---@field undecided? boolean left pending because a rule is in doubt
---@field fault? boolean a rule faults; without this a fault fails the test
---@field now? string the frozen clock: "2026-11-22T03:10:00Z"
---@field created? string|false "2026-11-22T03:00:00Z"
---@field age? spurn.Duration|false instead of created
---@field cloud? "aws"|"alibaba"
---@field account? string|false
---@field region? string|false
---@field id? string
---@field sender? string|false
---@field receiver_arn? string|false
---@field name? string|false
---@field share? string|false
---@field first_seen? spurn.Duration how long ago
---@field times_seen? integer

---@param name string what is promised; a name of its own
---@return fun(fields: spurn.PolicyTest)
function test(name) end

-- ---- the configuration --------------------------------------------------------------------------

---The file of decisions and outcomes, beside the configuration.
---@type string
journal = nil

---The digest of policies, lists and parameters that a person trusts.
---@type string
trust = nil

---@class spurn.Target
---@field regions string[]
---@field profile? string
---@field account? string the account that the keys belong to, in quotes
---@field endpoint? string "http://127.0.0.1:8080", instead of the cloud's own
---@field label? string what reports call it

---@param target spurn.Target
function aws(target) end

---@param target spurn.Target
function alibaba(target) end

---@class spurn.PolicySettings
---@field only? {account?: string|string[], cloud?: string|string[], region?: string|string[]} asked about these only
---@field mode? "observe" its reject rules only record what they would have done
---@field name? string instead of the file's
---@field [string] any the policy's parameters

---Loads a policy, in the configuration; in a test file, the policy that is tested.
---@param path string beside the file that says it
---@return fun(settings: spurn.PolicySettings)
function policy(path) end

---@class spurn.Limits
---@field rejections? integer at most so many in an hour
---@field percent? integer more than this of the pending ones, under untrusted policies, and nothing is rejected
---@field pages? integer at most so many a target
---@field listing? spurn.Duration a target's listing ends after this
---@field window? integer requests under way at once

---@param limits spurn.Limits
function limits(limits) end

---@class spurn.Schedule
---@field every? spurn.Duration from one sweep to the next
---@field jitter? spurn.Duration at most so much later, at random

---@param schedule spurn.Schedule
function daemon(schedule) end
