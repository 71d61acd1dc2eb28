#!/bin/sh
# aws_keys_test.sh - the AWS command line, unchanged, gets keys from all that the emulator plays, and is refused as it should be.
set -u
. "$(dirname "$0")/emulator.sh"

cat >"$folder/scenario.json" <<'END'
{"schema":1,"accounts":[
 {"cloud":"aws","id":"111122223333",
  "keys":[{"id":"AKIDEXAMPLE","secret":"secret"},{"id":"ASIASHORT","secret":"short","token":"soon","expires":"1s"}],
  "regions":[{"name":"us-east-1","invitations":[{"sender":"999999999999"}]},{"name":"ap-east-1","opted_out":true}]},
 {"cloud":"aws","id":"222233334444","denied":["reject"],
  "roles":[{"name":"open","trusts":["*"],"max_session":"2h"},{"name":"guarded","trusts":["111122223333"],"external_id":"x-1"},
   {"name":"team/closed"},{"name":"pods","web_identity":["a.web.token","expired:an.old.token"]},
   {"name":"team/pathed","trusts":["111122223333"]},{"name":"brief","trusts":["*"],"session":"1s"}],
  "regions":[{"name":"us-east-1","invitations":[{"sender":"999999999999"},{"sender":"999999999999"}]}]}],
 "instance":{"aws":{"account":"222233334444","role":"machine"}},
 "containers":[{"cloud":"aws","path":"/v2/credentials/one","account":"222233334444","role":"task"},
  {"cloud":"aws","path":"/v1/credentials","account":"222233334444","role":"pod","authorization":"pod-token"}],
 "sso":[{"cloud":"aws","token":"portal-token","accounts":[{"account":"222233334444","role":"ReadOnly"}]}],
 "organization":[{"cloud":"aws","management":"111122223333","accounts":[{"id":"111122223333","name":"main"},
  {"id":"222233334444","name":"Zo\u00eb","tags":{"env":"prod","owner":"a & b","tier":"1","zone":"west"}},
  {"id":"333344445555","status":"SUSPENDED"},{"id":"444455556666"},{"id":"555566667777"},{"id":"666677778888"},
  {"id":"777788889999"}]}]}
END

# Nothing of the machine's own set-up may reach the client.
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
export AWS_MAX_ATTEMPTS=1 AWS_DEFAULT_REGION=us-east-1 AWS_DEFAULT_OUTPUT=text
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL http_proxy https_proxy HTTP_PROXY HTTPS_PROXY 2>/dev/null

own_keys() {
    export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret
    unset AWS_SESSION_TOKEN
}

no_keys() { unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; }

ask() { timeout 30 aws "$@" --endpoint-url "$url" 2>&1; }

whoami() { ask sts get-caller-identity --query Arn "$@"; }

assume() { # assume ROLE OPTION...
    role=$1
    shift
    ask sts assume-role --role-session-name test --role-arn "arn:aws:iam::222233334444:role/$role" "$@"
}

web_identity() {
    ask sts assume-role-with-web-identity --role-session-name test --role-arn arn:aws:iam::222233334444:role/pods \
        --web-identity-token "$1"
}

control() { curl -sS --max-time 20 --noproxy '*' -H 'X-Spurn-Emulator: 1' "$url/_emulator/$1" 2>&1; }

# become ROLE OPTION...: uses its keys from now on.
become() {
    given=$(assume "$@" --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')
    AWS_ACCESS_KEY_ID=$(echo "$given" | cut -f1)
    AWS_SECRET_ACCESS_KEY=$(echo "$given" | cut -f2)
    AWS_SESSION_TOKEN=$(echo "$given" | cut -f3)
    export AWS_SESSION_TOKEN
}

# in_the_end PART COMMAND...: what it prints once PART is in it, at most twenty times.
in_the_end() {
    part=$1
    shift
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        answer=$("$@")
        case $answer in *"$part"*) break ;; esac
    done
    echo "$answer"
}

start_emulator
own_keys

# ---- roles ----
become open
expect_part temporary_keys_look_like_some "$AWS_ACCESS_KEY_ID" ASIA
expect a_secret_has_its_usual_length "${#AWS_SECRET_ACCESS_KEY}" 40
expect the_keys_of_a_role_say_whose_they_are "$(whoami)" arn:aws:sts::222233334444:assumed-role/open/test
expect the_keys_of_a_role_see_what_its_account_got \
    "$(ask ram get-resource-share-invitations --query 'length(resourceShareInvitations)')" 2
expect_part what_an_account_is_denied_it_cannot_do "$(ask ram reject-resource-share-invitation \
    --resource-share-invitation-arn arn:aws:ram:us-east-1:999999999999:resource-share-invitation/1)" "(AccessDeniedException)"
expect_part a_chain_of_roles_is_for_an_hour "$(assume open --duration-seconds 7200)" "1 hour session limit"
AWS_SESSION_TOKEN=${AWS_SESSION_TOKEN%?}
expect_part a_session_wants_its_whole_token "$(whoami)" "(InvalidClientTokenId)"
own_keys
become team/pathed
expect a_session_is_named_without_the_path_of_its_role "$(whoami)" arn:aws:sts::222233334444:assumed-role/pathed/test
own_keys
expect_part an_external_id_is_wanted "$(assume guarded)" "(AccessDenied)"
expect_part an_external_id_must_be_the_right_one "$(assume guarded --external-id x-2)" "(AccessDenied)"
expect the_right_external_id_is_taken "$(assume guarded --external-id x-1 --query AssumedRoleUser.Arn)" \
    arn:aws:sts::222233334444:assumed-role/guarded/test
expect_part a_role_that_trusts_nobody_is_closed "$(assume team/closed)" \
    "arn:aws:iam::111122223333:user/emulated is not authorized to perform: sts:AssumeRole"
expect_part a_role_that_does_not_exist_is_closed_too "$(assume nothing)" "(AccessDenied)"
expect_part two_hours_may_be_asked_for "$(assume open --duration-seconds 7200 --query Credentials.AccessKeyId)" ASIA
expect_part no_longer_than_the_role_allows "$(assume open --duration-seconds 7201)" "(ValidationError)"
become brief
expect_part a_session_ends "$(in_the_end "(ExpiredToken)" whoami)" "(ExpiredToken)"
export AWS_ACCESS_KEY_ID=ASIASHORT AWS_SECRET_ACCESS_KEY=short AWS_SESSION_TOKEN=soon
expect_part the_scenarios_own_session_ends \
    "$(in_the_end "(ExpiredTokenException)" ask ram get-resource-share-invitations)" "(ExpiredTokenException)"
own_keys
expect_part keys_are_not_taken_where_the_account_is_not "$(ask ram get-resource-share-invitations --region ap-east-1)" \
    "(UnrecognizedClientException)"
expect_part nor_does_sts_take_them_there "$(whoami --region ap-east-1)" "(InvalidClientTokenId)"
expect_part a_region_must_look_like_one "$(ask ram get-resource-share-invitations --region moon)" "valid region"

# ---- web identity ----
no_keys
expect_part a_web_identity_is_taken "$(web_identity a.web.token)" "assumed-role/pods/test"
expect_part a_wrong_one_is_not "$(web_identity another.token)" "(InvalidIdentityToken)"
expect_part an_old_one_is_not "$(web_identity an.old.token)" "(ExpiredTokenException)"

# ---- instance and container ----
export AWS_EC2_METADATA_SERVICE_ENDPOINT="$url/"
AWS_EC2_METADATA_DISABLED=false
expect_part an_instance_has_its_role "$(whoami)" "assumed-role/machine/i-"
AWS_EC2_METADATA_DISABLED=true
metadata="$url/latest/meta-data/iam/security-credentials/"
expect_part metadata_want_a_token "$(curl -sS --noproxy '*' "$metadata")" "401"
expect_part a_token_wants_its_lifetime "$(curl -sS --noproxy '*' -X PUT "$url/latest/api/token")" "400"
token=$(curl -sS --noproxy '*' -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$url/latest/api/token")
expect a_token_opens_them "$(curl -sS --noproxy '*' -H "X-aws-ec2-metadata-token: $token" "$metadata")" machine
expect_part another_role_is_not_there "$(curl -sS --noproxy '*' -H "X-aws-ec2-metadata-token: $token" "${metadata}other")" "404"

export AWS_CONTAINER_CREDENTIALS_FULL_URI="$url/v2/credentials/one"
expect a_container_has_its_role "$(whoami)" arn:aws:sts::222233334444:assumed-role/task/container
export AWS_CONTAINER_CREDENTIALS_FULL_URI="$url/v1/credentials" AWS_CONTAINER_AUTHORIZATION_TOKEN=pod-token
expect a_pod_has_its_role "$(whoami)" arn:aws:sts::222233334444:assumed-role/pod/container
AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong
expect_part a_pod_must_prove_itself "$(whoami)" "rror"
unset AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN

# ---- the portal ----
portal() { ask sso get-role-credentials --account-id 222233334444 --role-name "$2" --access-token "$1"; }

expect_part the_portal_gives_keys "$(portal portal-token ReadOnly)" ASIA
expect_part the_portal_knows_its_tokens "$(portal other-token ReadOnly)" "(UnauthorizedException)"
expect_part the_portal_gives_what_was_assigned "$(portal portal-token Admin)" "(ForbiddenException)"

# ---- the organization ----
own_keys
expect the_whole_organization_is_listed "$(ask organizations list-accounts --query 'length(Accounts)' |
    awk '{n += $1} END {print n}')" 7
expect accounts_have_names "$(ask organizations list-accounts --query "Accounts[?Id=='222233334444'].Name")" Zoë
expect_part a_page_holds_twenty_at_most "$(ask organizations list-accounts --page-size 21)" "(InvalidInputException)"
expect tags_are_listed_page_by_page \
    "$(ask organizations list-tags-for-resource --resource-id 222233334444 --query 'Tags[].Value' | tr -s '\t\n' '|')" \
    "prod|a & b|1|west|"
expect_part an_unknown_account_has_no_tags \
    "$(ask organizations list-tags-for-resource --resource-id 999900001111)" "(TargetNotFoundException)"
become open
expect_part the_management_account_alone_may_ask "$(ask organizations list-accounts)" "(AccessDeniedException)"
own_keys

# ---- what the emulator tells of itself ----
expect_part the_ledger_has_a_row_for_each "$(control ledger)" '"account":"222233334444","op":"web_identity"'
expect the_ledger_holds_no_secrets "$(control ledger | grep -c -F -e portal-token -e a.web.token -e x-1 -e "$token")" 0
expect_part secrets_are_listed_on_demand "$(control secrets)" '{"kind":"portal token","text":"portal-token"}'
expect_part keys_are_told_apart "$(control keys)" '"account":"222233334444","role":"ReadOnly","session":"person@example.com"'

# ---- faults ----
start_emulator --fault expired_keys:op=assume --fault redirect=http://127.0.0.1:9/x:op=identity --fault garbage:op=accounts \
    --fault throttle:op=web_identity
expect_part keys_may_be_over_when_they_come "$(become open && ask ram get-resource-share-invitations)" "(ExpiredTokenException)"
expect_part an_answer_may_be_elsewhere "$(curl -sS -i --noproxy '*' --aws-sigv4 aws:amz:us-east-1:sts --user AKIDEXAMPLE:secret \
    --data 'Action=GetCallerIdentity&Version=2011-06-15' "$url/")" "Location: http://127.0.0.1:9/x"
expect_part an_answer_may_be_another_ones "$(curl -sS --noproxy '*' --aws-sigv4 aws:amz:us-east-1:organizations --user AKIDEXAMPLE:secret \
    -H 'X-Amz-Target: AWSOrganizationsV20161128.ListAccounts' --data '{}' "$url/")" Unexpected
expect_part what_is_not_signed_is_throttled_too "$(no_keys; web_identity a.web.token)" "(Throttling)"
finish
