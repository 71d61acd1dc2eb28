#!/bin/sh
# alibaba_test.sh - requests signed with nothing but openssl, by both of Alibaba Cloud's methods, list and reject at the emulator.
set -u
. "$(dirname "$0")/emulator.sh"
. "$(dirname "$0")/alibaba.sh"

cat >"$folder/scenario.json" <<'END'
{"schema":1,"accounts":[{"cloud":"alibaba","id":"1234567890123456",
 "keys":[{"id":"LTAIEXAMPLE","secret":"long-lived"},{"id":"STS.EXAMPLE","secret":"short-lived","token":"session"}],
 "regions":[{"name":"cn-hangzhou","invitations":[
  {"id":"i-first","share":"rs-first","sender":"6543210987654321","name":"first"},
  {"id":"i-old","sender":"6543210987654321","age":"8d"},
  {"id":"i-taken","sender":"6543210987654321","status":"ACCEPTED"},
  {"id":"i-cancelled","sender":"6543210987654321","status":"CANCELLED"},
  {"id":"i-fragile","sender":"6543210987654321","accept_fails":"the resource is gone"},
  {"sender":"6543210987654321","name":"many","repeat":25}]}]},
 {"cloud":"alibaba","id":"1111111111111111","regions":[{"name":"ap-southeast-1"}]}]}
END

next_token() { sed -n 's/.*"NextToken":"\([^"]*\)".*/\1/p'; }

count() { grep -o '"ResourceShareInvitationId"' | wc -l | tr -d ' '; }

list_error() { acs3 ListResourceShareInvitations "$1" | code; }

reject_error() { acs3 RejectResourceShareInvitation "$1" | code; }

start_emulator
expect every_region_has_a_port "$(grep -c '^alibaba ' "$folder/out")" 2

# ---- lists ----
page=$(acs3 ListResourceShareInvitations MaxResults=20)
expect a_page_holds_what_was_asked_for "$(echo "$page" | count)" 20
expect_part an_answer_has_a_request_id "$page" '"RequestId":"'
expect_part a_status_is_spelled_as_this_cloud_does "$page" '"Status":"Pending"'
page=$(acs3 ListResourceShareInvitations "MaxResults=20&NextToken=$(encode "$(echo "$page" | next_token)")")
expect the_last_page_holds_the_rest "$(echo "$page" | count)" 10
expect the_last_page_has_no_token "$(echo "$page" | next_token)" ""
expect one_may_be_asked_for "$(acs3 ListResourceShareInvitations ResourceShareInvitationIds.1=i-first | count)" 1
expect one_share_may_be_asked_for "$(acs3 ListResourceShareInvitations ResourceShareIds.1=rs-first | count)" 1
expect_part seven_days_are_the_end \
    "$(acs3 ListResourceShareInvitations ResourceShareInvitationIds.1=i-old)" '"Status":"Expired"'
expect the_older_method_lists_too "$(rpc POST ListResourceShareInvitations 'MaxResults=3&' | count)" 3
expect the_older_method_lists_by_get "$(rpc GET ListResourceShareInvitations 'MaxResults=3&' | count)" 3
expect_part the_caller_is_known "$(version=2015-04-01 acs3 GetCallerIdentity '')" '"AccountId":"1234567890123456"'

# ---- every error of a list ----
expect a_page_of_none_is_refused "$(list_error MaxResults=0)" InvalidParameter.MaxResults
expect a_page_of_101_is_refused "$(list_error MaxResults=101)" InvalidParameter.MaxResults
expect a_made_up_token_is_refused "$(list_error NextToken=x)" InvalidParameter.NextToken
expect a_long_token_is_refused "$(list_error "NextToken=$(printf '%257s' | tr ' ' x)")" InvalidParameter.NextToken.Length
for name in ResourceShareIds ResourceShareInvitationIds; do
    id=$([ $name = ResourceShareIds ] && echo rs-a || echo i-a)
    expect "a_malformed_id_is_refused $name" "$(list_error "$name.1=x")" "InvalidParameter.$name"
    expect "an_id_twice_is_refused $name" "$(list_error "$name.1=$id&$name.2=$id")" "InvalidParameter.$name.Duplicate"
    expect "six_ids_are_refused $name" \
        "$(list_error "$name.1=$id&$name.2=${id}b&$name.3=${id}c&$name.4=${id}d&$name.5=${id}e&$name.6=${id}f")" \
        "InvalidParameter.$name.Length"
done

# ---- rejecting, and every error of it ----
id=ResourceShareInvitationId
expect_part a_rejection_is_answered_with_the_rejected_invitation \
    "$(acs3 RejectResourceShareInvitation $id=i-first)" '"Status":"Rejected"'
expect a_second_rejection_is_refused "$(reject_error $id=i-first)" InvitationStatus.AlreadyRejected
expect what_is_accepted_stays_accepted "$(reject_error $id=i-taken)" InvitationStatus.AlreadyAccepted
expect what_is_expired_stays_expired "$(reject_error $id=i-old)" InvitationStatus.Expired
expect what_was_cancelled_is_gone "$(reject_error $id=i-cancelled)" EntityNotExists.ResourceShareInvitation
expect what_is_unknown_is_not_found "$(reject_error $id=i-nothing)" EntityNotExists.ResourceShareInvitation
expect an_id_must_be_given "$(reject_error '')" MissingParameter.ResourceShareInvitationId
expect an_id_must_look_like_one "$(reject_error $id=x)" InvalidParameter.ResourceShareInvitationId
expect_part accepting_may_fail_later "$(acs3 AcceptResourceShareInvitation $id=i-fragile)" '"Status":"AcceptFailed"'
expect_part why_accepting_failed_is_listed \
    "$(acs3 ListResourceShareInvitations ResourceShareInvitationIds.1=i-fragile)" '"FailureDescription":"the resource is gone"'

# ---- who signed, when, and how often ----
expect a_wrong_secret_is_refused "$(secret=wrong list_error '')" SignatureDoesNotMatch
expect a_wrong_secret_is_refused_by_the_older_method \
    "$(secret=wrong rpc POST ListResourceShareInvitations '' | code)" SignatureDoesNotMatch
expect an_unknown_key_is_refused "$(key=LTAINOBODY list_error '')" InvalidAccessKeyId.NotFound
expect an_old_signature_is_refused "$(date=2020-01-01T00:00:00Z list_error '')" InvalidTimeStamp.Expired
expect a_date_must_be_one "$(date=yesterday list_error '')" InvalidTimeStamp.Format
expect a_nonce_serves_once "$(nonce=once list_error '')" ""
expect a_nonce_serves_no_second_time "$(nonce=once list_error '')" SignatureNonceUsed
expect a_session_is_served "$(key=STS.EXAMPLE secret=short-lived token=session list_error '')" ""
expect a_session_needs_its_token "$(key=STS.EXAMPLE secret=short-lived list_error '')" InvalidSecurityToken.Malformed
expect an_unknown_action_is_refused "$(acs3 CreateResourceShare '' | code)" InvalidAction.NotFound
expect another_version_is_refused "$(version=2014-01-01 list_error '')" InvalidVersion
unsigned="$alibaba/?Action=ListResourceShareInvitations&Version=2020-01-10"
expect no_signature_is_refused "$(curl -sS --noproxy '*' -X POST "$unsigned" | code)" MissingAccessKeyId

start_emulator --fault throttle:count=1 --fault status=503:after=1:count=1 --fault deny=AccessDenied:op=reject
expect throttling_is_a_code_not_a_status "$(list_error '')" Throttling.User
expect an_unavailable_service_says_so "$(list_error '')" ServiceUnavailable
expect a_denial_says_so "$(reject_error $id=i-first)" NoPermission
finish
