#!/bin/sh
# alibaba_keys_test.sh - requests signed with openssl get keys from all that the emulator plays of Alibaba Cloud, or are refused.
set -u
. "$(dirname "$0")/emulator.sh"
. "$(dirname "$0")/alibaba.sh"

cat >"$folder/scenario.json" <<'END'
{"schema":1,"accounts":[
 {"cloud":"alibaba","id":"1234567890123456","keys":[{"id":"LTAIEXAMPLE","secret":"long-lived"}],
  "regions":[{"name":"cn-hangzhou","invitations":[{"sender":"6543210987654321"}]}]},
 {"cloud":"alibaba","id":"2222222222222222","denied":["reject"],
  "roles":[{"name":"open","trusts":["*"]},{"name":"guarded","trusts":["1234567890123456"],"external_id":"x-1"},{"name":"closed"},
   {"name":"pods","web_identity":["a.web.token","expired:an.old.token"],"provider":"acs:ram::2222222222222222:oidc-provider/x"},
   {"name":"brief","trusts":["*"],"session":"1s"}],
  "regions":[{"name":"cn-hangzhou","invitations":[{"sender":"6543210987654321"},{"sender":"6543210987654321"}]}]}],
 "instance":{"alibaba":{"account":"2222222222222222","role":"machine","tokens":"optional"}},
 "containers":[{"cloud":"alibaba","path":"/keys","account":"2222222222222222","role":"task"}],
 "sso":[{"cloud":"alibaba","token":"signed-in","accounts":[{"account":"2222222222222222","role":"ac-readonly"}]}],
 "organization":[{"cloud":"alibaba","management":"1234567890123456","accounts":[
  {"id":"2222222222222222","name":"prod","tags":{"env":"prod","tier":"1"}},{"id":"3333333333333333","tags":{"env":"test"}},
  {"id":"4444444444444444","status":"InviteSuccess"}]}]}
END

plain() { curl -sS --max-time 20 --noproxy '*' "$@" 2>&1; }

sts() { version=2015-04-01 acs3 "$@"; }

# role NAME: the parameters that ask for its keys.
role() { echo "RoleArn=acs%3Aram%3A%3A2222222222222222%3Arole%2F$1&RoleSessionName=test"; }

assume() { sts AssumeRole "${2:-}$(role "$1")"; }

oidc() { # oidc TOKEN PROVIDER: unsigned
    plain -X POST -d "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&OIDCToken=$1&OIDCProviderArn=$(encode "$2")&$(role pods)" \
        "$alibaba/"
}

member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# become JSON: uses the keys in it from now on.
become() {
    key=$(echo "$1" | member AccessKeyId)
    secret=$(echo "$1" | member AccessKeySecret)
    token=$(echo "$1" | member SecurityToken)
}

own_keys() { unset key secret token; }

identity() { sts GetCallerIdentity '' | member Arn; }

start_emulator
own_keys

# ---- roles ----
become "$(assume open)"
expect_part temporary_keys_look_like_some "$key" STS.
expect the_keys_of_a_role_say_whose_they_are "$(identity)" acs:ram::2222222222222222:assumed-role/open/test
expect the_keys_of_a_role_see_what_its_account_got \
    "$(acs3 ListResourceShareInvitations '' | grep -o '"ResourceShareInvitationId"' | wc -l | tr -d ' ')" 2
expect what_an_account_is_denied_it_cannot_do "$(acs3 RejectResourceShareInvitation ResourceShareInvitationId=i-1 | code)" NoPermission
token=${token%?}
expect a_session_wants_its_whole_token "$(sts GetCallerIdentity '' | code)" InvalidSecurityToken.Malformed
own_keys
expect_part the_older_method_gets_keys_too "$(version=2015-04-01 rpc POST AssumeRole "$(role open)&")" '"AccessKeyId":"STS.'
expect an_external_id_is_wanted "$(assume guarded | code)" NoPermission
expect_part the_right_external_id_is_taken "$(assume guarded 'ExternalId=x-1&')" assumed-role/guarded/test
expect a_role_that_trusts_nobody_is_closed "$(assume closed | code)" NoPermission
expect a_role_that_does_not_exist_is_not_found "$(assume nothing | code)" EntityNotExist.Role
expect a_quarter_of_an_hour_is_the_least "$(assume open 'DurationSeconds=899&' | code)" InvalidParameter.DurationSeconds
expect a_role_must_be_named "$(sts AssumeRole RoleSessionName=test | code)" InvalidParameter.RoleArn
become "$(assume brief)"
tries=0
until [ "$(acs3 ListResourceShareInvitations '' | code)" = InvalidSecurityToken.Expired ] || [ "$tries" -gt 200 ]; do
    tries=$((tries + 1))
done
expect a_session_ends "$(acs3 ListResourceShareInvitations '' | code)" InvalidSecurityToken.Expired
own_keys

# ---- tokens of others ----
provider=acs:ram::2222222222222222:oidc-provider/x
expect_part a_web_identity_is_taken "$(oidc a.web.token $provider)" assumed-role/pods/test
expect a_wrong_one_is_not "$(oidc another.token $provider | code)" AuthenticationFail.OIDCToken.Invalid
expect an_old_one_is_not "$(oidc an.old.token $provider | code)" AuthenticationFail.OIDCToken.Expired
expect nor_one_of_another_provider "$(oidc a.web.token ${provider}y | code)" AuthenticationFail.NoPermission
sso() { # sso TOKEN CONFIGURATION
    plain -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
        -d "{\"AccountId\":\"2222222222222222\",\"AccessConfigurationId\":\"$2\"}" "$alibaba/cloud-credentials"
}
become "$(sso signed-in ac-readonly)"
expect who_signed_in_gets_keys "$(identity)" acs:ram::2222222222222222:assumed-role/ac-readonly/person@example.com
own_keys
expect_part who_did_not_gets_none "$(sso signed-out ac-readonly)" UnauthorizedException
expect_part nor_what_was_not_assigned "$(sso signed-in ac-admin)" ForbiddenException

# ---- instance and container ----
metadata="$alibaba/latest/meta-data/ram/security-credentials/"
expect an_instance_has_its_role "$(plain "$metadata")" machine
expect_part a_wrong_token_is_refused_even_so "$(plain -H 'X-aliyun-ecs-metadata-token: x' "$metadata")" 401
once=$(plain -X PUT -H 'X-aliyun-ecs-metadata-token-ttl-seconds: 60' "$alibaba/latest/api/token")
become "$(plain -H "X-aliyun-ecs-metadata-token: $once" "${metadata}machine")"
expect_part a_token_opens_its_keys "$(identity)" assumed-role/machine/i-
become "$(plain "$alibaba/keys")"
expect a_container_has_its_role "$(identity)" acs:ram::2222222222222222:assumed-role/task/container
own_keys

# ---- the resource directory ----
accounts() { version=2020-03-31 acs3 ListAccounts "$1"; }
ids() { grep -o '"AccountId":"[0-9]*"' | cut -d'"' -f4 | cut -c1 | tr -d '\n'; }
expect all_accounts_are_listed "$(accounts '' | ids)" 234
expect a_page_holds_what_was_asked_for "$(accounts 'PageNumber=2&PageSize=2' | ids)" 4
expect_part there_are_so_many "$(accounts 'PageNumber=2&PageSize=2')" '"TotalCount":3,'
expect tags_choose "$(accounts 'Tag.1.Key=env&Tag.1.Value=prod&Tag.2.Key=tier&Tag.2.Value=1' | ids)" 2
expect_part tags_are_told_when_asked_for "$(accounts 'IncludeTags=true')" '"Tags":{"Tag":[{"Key":"env","Value":"prod"},'
expect a_page_of_none_is_refused "$(accounts PageSize=0 | code)" InvalidParameter.PageSize
become "$(assume open)"
expect the_management_account_alone_may_ask "$(accounts '' | code)" NoPermission
own_keys

start_emulator --fault deny=AccessDenied:op=assume --fault expired_keys:op=container --fault throttle:op=metadata
expect assuming_may_be_denied "$(assume open | code)" NoPermission
expect_part metadata_may_throttle "$(plain -i "$alibaba/latest/meta-data/ram/security-credentials/")" "400"
become "$(plain "$alibaba/keys")"
expect keys_may_be_over_when_they_come "$(acs3 ListResourceShareInvitations '' | code)" InvalidSecurityToken.Expired
finish
