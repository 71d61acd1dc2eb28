#!/bin/sh
# aws_test.sh - the AWS command line, unchanged, lists and rejects at the emulator.
set -u
. "$(dirname "$0")/emulator.sh"

cat >"$folder/scenario.json" <<'END'
{"schema":1,"accounts":[{"cloud":"aws","id":"012345678901",
 "keys":[{"id":"AKIDEXAMPLE","secret":"long-lived"},{"id":"ASIAEXAMPLE","secret":"short-lived","token":"session"}],
 "regions":[
  {"name":"us-east-1","invitations":[
   {"id":"arn:aws:ram:us-east-1:999999999999:resource-share-invitation/11111111-1111-4111-8111-111111111111",
    "sender":"999999999999","name":"first"},
   {"sender":"888888888888","name":"old","age":"13h","resources":[{"type":"glue:Table"}]},
   {"sender":"777777777777","name":"many %d","repeat":5}]},
  {"name":"eu-west-1","invitations":[{"sender":"999999999999","name":"Zo\u00eb"}]}]}]}
END

# Nothing of the machine's own set-up may reach the client.
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
export AWS_MAX_ATTEMPTS=1 AWS_DEFAULT_REGION=us-east-1 AWS_DEFAULT_OUTPUT=text
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=long-lived
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL http_proxy https_proxy HTTP_PROXY HTTPS_PROXY 2>/dev/null

first=arn:aws:ram:us-east-1:999999999999:resource-share-invitation/11111111-1111-4111-8111-111111111111

ram() {
    operation=$1
    shift
    timeout 30 aws ram "$operation" --endpoint-url "$url" "$@" 2>&1
}

list() { ram get-resource-share-invitations "$@"; }

reject() { ram reject-resource-share-invitation --resource-share-invitation-arn "$@"; }

start_emulator

expect a_list_is_whole_page_by_page \
    "$(list --page-size 2 --query 'length(resourceShareInvitations)' | awk '{n += $1} END {print n}')" 7
expect an_invitation_keeps_its_leading_zero \
    "$(list --query 'resourceShareInvitations[0].receiverAccountId')" 012345678901
expect what_is_older_than_its_lifetime_is_expired \
    "$(list --query "resourceShareInvitations[?resourceShareName=='old'].status")" EXPIRED
expect regions_are_told_apart_by_the_signature \
    "$(list --region eu-west-1 --query 'resourceShareInvitations[].resourceShareName')" Zoë
expect the_resources_of_a_pending_invitation_are_listed \
    "$(ram list-pending-invitation-resources --resource-share-invitation-arn $first --query 'resources[].type')" ec2:Subnet
expect a_rejection_is_answered_with_the_rejected_invitation \
    "$(reject $first --client-token once --query '[resourceShareInvitation.status,clientToken]')" \
    "$(printf 'REJECTED\tonce')"
expect the_same_token_gets_the_same_answer \
    "$(reject $first --client-token once --query resourceShareInvitation.status)" REJECTED
expect_part a_second_rejection_is_refused \
    "$(reject $first)" "(ResourceShareInvitationAlreadyRejectedException)"
expect_part a_token_is_for_one_invitation \
    "$(reject ${first%1}2 --client-token once)" "(IdempotentParameterMismatchException)"
expect_part an_unknown_invitation_is_not_found \
    "$(reject ${first%1}2)" "(ResourceShareInvitationArnNotFoundException)"
expect_part an_arn_is_checked "$(reject arn:aws:ram:here)" "(MalformedArnException)"
expect_part a_foreign_page_token_is_refused \
    "$(list --starting-token eyJuZXh0VG9rZW4iOiAieCJ9)" "(InvalidNextTokenException)"
expect the_caller_is_known \
    "$(timeout 30 aws sts get-caller-identity --endpoint-url "$url" --query Account 2>&1)" 012345678901

AWS_SECRET_ACCESS_KEY=wrong
expect_part a_wrong_secret_is_refused "$(list)" "(InvalidSignatureException)"
expect_part a_wrong_secret_is_refused_by_sts \
    "$(timeout 30 aws sts get-caller-identity --endpoint-url "$url" 2>&1)" "(SignatureDoesNotMatch)"
AWS_ACCESS_KEY_ID=AKIDNOBODY
expect_part an_unknown_key_is_refused "$(list)" "(UnrecognizedClientException)"
AWS_ACCESS_KEY_ID=ASIAEXAMPLE AWS_SECRET_ACCESS_KEY=short-lived
expect_part a_session_needs_its_token "$(list)" "(UnrecognizedClientException)"
export AWS_SESSION_TOKEN=session
expect a_session_with_its_token_is_served "$(list --query 'length(resourceShareInvitations)')" 7

start_emulator --fault throttle:op=list:count=1 --fault drop:op=reject --fault status=503:op=resources
expect_part throttling_is_told "$(list)" "(ThrottlingException)"
expect a_fault_ends_after_its_count "$(list --query 'length(resourceShareInvitations)')" 7
expect_part a_dropped_connection_is_an_error "$(reject $first)" "Connection was closed"
expect_part an_unavailable_service_says_so \
    "$(ram list-pending-invitation-resources --resource-share-invitation-arn $first)" "(ServiceUnavailableException)"
expect what_was_dropped_was_not_done \
    "$(list --query "resourceShareInvitations[?resourceShareInvitationArn=='$first'].status")" PENDING
finish
