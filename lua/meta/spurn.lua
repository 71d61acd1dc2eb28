---@meta spurn
-- The words of policies, their tests and the configuration, for editors (lua-language-server). Never loaded by spurn.
-- `make words` writes what stands between marks, from what `spurn fields` tells.

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

-- words: types of conditions

---The sending account is one of these: 12 digits at AWS, 16 at Alibaba Cloud.
---`sender ID | { ID, ... } | (list FILE)`
---@param ids spurn.Values
---@return spurn.Condition
function sender(ids) end

---The receiving account is one of these.
---`account ID | { ID, ... } | (list FILE)`
---@param ids spurn.Values
---@return spurn.Condition
function account(ids) end

---The IAM user or role it was sent to (AWS) is like one of these.
---`receiver_arn GLOB | { GLOB, ... }`
---@param globs spurn.Values
---@return spurn.Condition
function receiver_arn(globs) end

---The share's name, all of it, is like one of these: * any run, ? one character; the case of a-z is ignored, that of other letters is not.
---`name GLOB | { GLOB, ... } | (list FILE)`
---@param globs spurn.Values
---@return spurn.Condition
function name(globs) end

---This regular expression is found in the share's name: PCRE2, (?i) ignores case.
---`name_regex RE`
---@param pattern string
---@return spurn.Condition
function name_regex(pattern) end

---It was sent at least so long ago: "90s", "15m", "6h", "7d", "2w", "1d12h".
---`older DURATION`
---@param duration spurn.Duration
---@return spurn.Condition
function older(duration) end

---It was sent less than so long ago.
---`younger DURATION`
---@param duration spurn.Duration
---@return spurn.Condition
function younger(duration) end

---It was sent in these hours, on these days; in UTC unless zone says otherwise; the day is the moment's own: "sat" with hours over midnight is early and late on Saturday.
---`created_at { hours = "22:00-06:00", days = "sat sun", zone = "+08:00" }`
---@param options {hours?: string, days?: string, zone?: string}
---@return spurn.Condition
function created_at(options) end

---It came from this cloud.
---`cloud "aws" | "alibaba"`
---@param names "aws"|"alibaba"|("aws"|"alibaba")[]
---@return spurn.Condition
function cloud(names) end

---It was found in a region like this.
---`region GLOB | { GLOB, ... }`
---@param globs spurn.Values
---@return spurn.Condition
function region(globs) end

---The share's ARN or id is like this.
---`share GLOB | { GLOB, ... }`
---@param globs spurn.Values
---@return spurn.Condition
function share(globs) end

---Some shared resource is of these types (AWS), globs such as "route53resolver:*"; takes a call, made only when the verdict hangs on it.
---`resource_type SERVICE:TYPE | { SERVICE:TYPE, ... } | (list FILE)`
---@param types spurn.Values
---@return spurn.Condition
function resource_type(types) end

---Every shared resource is of these types (AWS); an empty list tells nothing.
---`only_resource_type SERVICE:TYPE | { SERVICE:TYPE, ... } | (list FILE)`
---@param types spurn.Values
---@return spurn.Condition
function only_resource_type(types) end

---At least so many other invitations of this sender were listed within this time before the sweep began; once when times is left out.
---`seen_before { times = N, within = DURATION }`
---@param options {times?: integer, within?: spurn.Duration}
---@return spurn.Condition
function seen_before(options) end

---At least so many other invitations of this sender were really rejected by spurn within this time before the sweep began.
---`rejected_before { times = N, within = DURATION }`
---@param options {times?: integer, within?: spurn.Duration}
---@return spurn.Condition
function rejected_before(options) end

---Everything.
---`always`
---@type spurn.Condition
always = nil

---Every one of these holds; also A & B.
---`all { CONDITION, ... }`
---@param conditions spurn.Test[]
---@return spurn.Condition
function all(conditions) end

---One of these holds; also A | B.
---`any { CONDITION, ... }`
---@param conditions spurn.Test[]
---@return spurn.Condition
function any(conditions) end

---None of these holds; also ~A.
---`none { CONDITION, ... }`
---@param conditions spurn.Test[]
---@return spurn.Condition
function none(conditions) end

-- end

-- ---- rules --------------------------------------------------------------------------------------

---@class spurn.KeepOptions
---@field [1] spurn.Test the condition
---@field unless? spurn.Test and not this
---@field reason? string may name fields: "{sender} is {age} old"
---@field ends? string the last day, in UTC: "2027-01-31"

---@class spurn.RejectOptions: spurn.KeepOptions
---@field mode? "observe" only records what it would have done

-- words: types of rules

---An invitation for which CONDITION holds is never rejected.
---`keep NAME (CONDITION) | keep NAME { CONDITION, unless =, reason =, ends = }`
---@param rule string
---@return fun(condition: spurn.Test|spurn.KeepOptions)
function keep(rule) end

---An invitation for which CONDITION holds is rejected, unless a keep rule holds or may hold.
---`reject NAME (CONDITION) | reject NAME { CONDITION, unless =, mode = "observe", reason =, ends = }`
---@param rule string
---@return fun(condition: spurn.Test|spurn.RejectOptions)
function reject(rule) end

-- end

-- ---- values -------------------------------------------------------------------------------------

-- words: types of values

---The lines of a file beneath the policy's folder, # begins a comment.
---`list FILE | list { FILE, ..., may_be_empty = true }`
---@param files string|{[integer]: string, may_be_empty?: boolean}
---@return spurn.List
function list(files) end

---What the configuration may set for this policy.
---`params { NAME = DEFAULT, ... }`
---@generic T: table
---@param defaults T
---@return T
function params(defaults) end

---A parameter without a default.
---`required "what it is"`
---@param what string
---@return any
function required(what) end

---A duration as a number, in functions too.
---`seconds DURATION`
---@param duration spurn.Duration
---@return integer
function seconds(duration) end

-- end

-- ---- the invitation, as functions see it --------------------------------------------------------

---Something that is shared.
---@class spurn.Resource
---@field arn? string
---@field type? string "ec2:Subnet"

-- words: types of an invitation
---A read-only view, valid during the call.
---Reading what the cloud left out ends the function, and its rule is undecided.
---@class spurn.Invitation
---@field id string the invitation's ARN or id
---@field cloud string "aws" or "alibaba"
---@field region string where it was found
---@field account string the receiving account's id
---@field sender string the sending account's id
---@field receiver_arn string the IAM user or role it was sent to (AWS)
---@field name string the share's name, which the sender chose
---@field share string the share's ARN or id
---@field status string PENDING, ACCEPTED, ...
---@field created integer when it was sent, seconds since 1970
---@field age integer seconds since it was sent
---@field expires integer when it lapses, seconds since 1970: Alibaba Cloud only
---@field first_seen integer when an earlier sweep first listed it
---@field times_seen integer how many earlier sweeps listed it
---@field now integer the sweep's one clock, seconds since 1970
local Invitation = {}

---Whether the field is there, or "resources" are known.
---@param name string
---@return boolean
function Invitation:has(name) end

---A table of all the fields that are there, to keep.
---@return table<string, string|integer>
function Invitation:copy() end

---What is shared (AWS), a list of { arn =, type = }; a function that asks for it may be called again from the start.
---@return spurn.Resource[]
function Invitation:resources() end

-- end

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
---@field rejected? spurn.Duration[]|integer how long ago others of the sender were rejected; so many, just now
---@field seen? spurn.Duration[]|integer the same of others that were listed; those that were rejected, unless it is said
---@field journal? spurn.Duration|false its age, else old enough for everything; false: nothing is remembered
---@field resources? (string|spurn.Resource)[]|false "ec2:Subnet"; else nobody could read them

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

---Accounts that the organization's own directory names, each entered through a role of one name.
---@class spurn.Organization
---@field role string the role's name, the same in each account
---@field external_id? string
---@field tags? table<string, string> only accounts that have all of these

---Base URLs instead of the cloud's own.
---@class spurn.Endpoints
---@field sts? string
---@field sso? string
---@field metadata? string of the instance and of the container

---@class spurn.AwsEndpoints: spurn.Endpoints
---@field ram? string
---@field organizations? string

---@class spurn.AlibabaEndpoints: spurn.Endpoints
---@field resourcesharing? string
---@field resourcemanager? string

---@class spurn.Target
---@field regions string[]|"all" "all": every known one of the partition
---@field profile? string of the cloud's own tools; absent: what the environment says
---@field account? string the account that the keys belong to, in quotes
---@field label? string what reports call it
---@field role_arn? string a role to assume; its account is the one that is meant
---@field accounts? string[] accounts, each entered through `role`
---@field accounts_file? string the same from a .csv or .json file: account, label, role, external_id
---@field role? string the role's name in each of the accounts
---@field organization? spurn.Organization
---@field external_id? string goes with a role
---@field session_name? string goes with a role; absent: "spurn"
---@field duration? spurn.Duration of a role's keys, "15m" to "12h"

---@class spurn.AwsTarget: spurn.Target
---@field partition? string "aws", "aws-cn", "aws-us-gov", "aws-eusc", ...; absent: that of the role or the regions
---@field endpoint? string|spurn.AwsEndpoints "http://127.0.0.1:8080", instead of the cloud's own
---@field fips? boolean hosts with validated cryptography
---@field dual_stack? boolean hosts with IPv6 as well

---@class spurn.AlibabaTarget: spurn.Target
---@field endpoint? string|spurn.AlibabaEndpoints "http://127.0.0.1:8080", instead of the cloud's own
---@field vpc? boolean hosts that are reached from inside a VPC

---@param target spurn.AwsTarget
function aws(target) end

---@param target spurn.AlibabaTarget
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
---@field lookups? integer invitations a sweep whose resources are asked for

---@param limits spurn.Limits
function limits(limits) end

---@class spurn.Schedule
---@field every? spurn.Duration from one sweep to the next
---@field jitter? spurn.Duration at most so much later, at random

---@param schedule spurn.Schedule
function daemon(schedule) end
