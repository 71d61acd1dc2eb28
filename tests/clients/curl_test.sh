#!/bin/sh
# curl_test.sh - curl, with its own SigV4 signer, sees the emulator's answers, faults and control paths on the wire.
set -u
. "$(dirname "$0")/emulator.sh"

first=arn:aws:ram:us-east-1:999999999999:resource-share-invitation/11111111-1111-4111-8111-111111111111
cat >"$folder/scenario.json" <<END
{"schema":1,"accounts":[{"cloud":"aws","id":"012345678901","keys":[{"id":"AKIDEXAMPLE","secret":"secret"}],
 "regions":[{"name":"us-east-1","invitations":[{"id":"$first","sender":"999999999999"},
  {"sender":"777777777777","name":"many","repeat":4},{"sender":"777777777777","locked":true},
  {"sender":"777777777777","status":"ACCEPTED"},{"sender":"777777777777","age":"8d"}]}]}]}
END

# ask PATH BODY: status line, headers and body.
ask() {
    ask_path=$1
    ask_body=$2
    shift 2
    curl -sS -i --max-time 20 --noproxy '*' --aws-sigv4 aws:amz:us-east-1:ram --user "${user:-AKIDEXAMPLE:secret}" \
        -H 'Content-Type: application/json' --data-binary "$ask_body" "$@" "$url$ask_path" 2>&1
}

status() { ask "$@" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p'; }

failing() { ask "$@" | tr -d '\r' | sed -n 's/^x-amzn-ErrorType: //p'; }

list() { ask /getresourceshareinvitations "${1:-{\}}"; }

list_error() { failing /getresourceshareinvitations "$1"; }

reject_error() { failing /rejectresourceshareinvitation "$1"; }

resources_error() { failing /listpendinginvitationresources "$1"; }

# nth N: the id of the n-th invitation.
nth() { list | grep -o 'resource-share-invitation/[0-9a-f-]*' | sed -n "$1s,^,arn:aws:ram:us-east-1:777777777777:,p"; }

control() {
    control_path=$1
    shift
    curl -sS --max-time 20 --noproxy '*' -H 'X-Spurn-Emulator: 1' "$@" "$url/_emulator/$control_path" 2>&1
}

start_emulator

# ---- the wire ----
expect_part an_answer_carries_a_request_id "$(list)" "x-amzn-RequestId: "
expect_part an_answer_carries_a_date "$(list)" "Date: "
expect_part times_are_numbers_of_seconds \
    "$(list | grep -o '"invitationTimestamp":[0-9]*\.[0-9]*' | head -n 1)" '"invitationTimestamp":1'
expect_part an_error_says_so_in_header_and_body "$(ask /rejectresourceshareinvitation '{}')" '{"message":"'
expect chunked_bodies_are_verified "$(status /getresourceshareinvitations '{}' -H 'Transfer-Encoding: chunked')" 200
expect an_altered_body_is_refused \
    "$(failing /getresourceshareinvitations '{}' -H 'x-amz-content-sha256: 0000')" InvalidSignatureException
expect no_signature_is_refused \
    "$(curl -s -i --noproxy '*' -d '{}' "$url/getresourceshareinvitations" | tr -d '\r' | sed -n 's/^x-amzn-ErrorType: //p')" \
    MissingAuthenticationTokenException
expect another_service_is_refused \
    "$(failing /getresourceshareinvitations '{}' --aws-sigv4 aws:amz:us-east-1:sts)" InvalidSignatureException
expect an_unknown_operation_is_not_found "$(status /createresourceshare '{}')" 404
user=AKIDEXAMPLE:wrong
expect a_wrong_secret_is_refused "$(list_error '{}')" InvalidSignatureException
user=AKIDNOBODY:secret
expect an_unknown_key_is_refused "$(status /getresourceshareinvitations '{}')" 403
user=

# ---- every error of the model ----
expect a_page_of_none_is_refused "$(list_error '{"maxResults":0}')" InvalidMaxResultsException
expect a_page_of_501_is_refused "$(list_error '{"maxResults":501}')" InvalidMaxResultsException
expect a_made_up_page_token_is_refused "$(list_error '{"nextToken":"x"}')" InvalidNextTokenException
expect a_list_of_the_wrong_type_is_refused "$(list_error '{"resourceShareArns":"x"}')" InvalidParameterException
expect a_malformed_arn_is_refused "$(list_error '{"resourceShareInvitationArns":["x"]}')" MalformedArnException
expect an_unknown_invitation_is_not_found "$(list_error "{\"resourceShareInvitationArns\":[\"${first}0\"]}")" \
    ResourceShareInvitationArnNotFoundException
expect an_unknown_share_is_not_found \
    "$(list_error '{"resourceShareArns":["arn:aws:ram:us-east-1:999999999999:resource-share/0"]}')" UnknownResourceException
expect what_is_no_json_is_refused "$(list_error '{')" SerializationException
expect a_locked_invitation_is_not_permitted \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$(nth 6)\"}")" OperationNotPermittedException
expect an_accepted_invitation_stays_accepted \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$(nth 7)\"}")" ResourceShareInvitationAlreadyAcceptedException
expect an_expired_invitation_stays_expired \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$(nth 8)\"}")" ResourceShareInvitationExpiredException
expect a_client_token_with_a_blank_is_refused \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$first\",\"clientToken\":\"a b\"}")" InvalidClientTokenException
expect resources_want_an_arn "$(resources_error '{}')" MissingRequiredParameterException
expect resources_want_a_known_scope \
    "$(resources_error "{\"resourceShareInvitationArn\":\"$first\",\"resourceRegionScope\":\"HERE\"}")" InvalidParameterException
expect expired_invitations_show_no_resources \
    "$(resources_error "{\"resourceShareInvitationArn\":\"$(nth 8)\"}")" ResourceShareInvitationExpiredException
expect accepting_is_answered "$(status /acceptresourceshareinvitation "{\"resourceShareInvitationArn\":\"$(nth 2)\"}")" 200
expect what_was_accepted_cannot_be_rejected \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$(nth 2)\"}")" ResourceShareInvitationAlreadyAcceptedException

# ---- control paths ----
expect_part control_wants_its_header "$(control ledger -H 'X-Spurn-Emulator: 0')" wanted
expect invitations_are_added_while_running \
    "$(control invitations --data-binary '{"schema":1,"accounts":[{"cloud":"aws","id":"012345678901",
        "regions":[{"name":"us-east-1","invitations":[{"sender":"555555555555"}]}]}]}')" '{"ok":true}'
expect_part what_was_added_is_listed "$(list)" 555555555555
expect_part a_bad_addition_says_where \
    "$(control invitations --data-binary '{"schema":1,"accounts":[{"cloud":"aws","id":"012345678901","odd":1}]}')" \
    "cannot use scenario.accounts[0].odd: there is no such member"
expect_part a_person_may_act_too "$(control person --data-binary \
    "{\"cloud\":\"aws\",\"account\":\"012345678901\",\"region\":\"us-east-1\",\"id\":\"$(nth 3)\",\"does\":\"accept\"}")" true
expect what_a_person_accepted_cannot_be_rejected \
    "$(reject_error "{\"resourceShareInvitationArn\":\"$(nth 3)\"}")" ResourceShareInvitationAlreadyAcceptedException
expect_part the_ledger_tells_who_did_what "$(control ledger)" '"who":"person","result":"ok"'

# ---- faults ----
fault() { control fault --data-binary "{\"faults\":[\"$1\"]}" >/dev/null; }

first_input="{\"resourceShareInvitationArn\":\"$first\"}"
fault html
expect_part a_gateway_answers_in_html "$(list)" "<html>"
fault status=502
expect a_gateway_has_no_error_type "$(status /getresourceshareinvitations '{}') $(list_error '{}')" "502 "
fault throttle=3
expect_part throttling_may_say_when_to_come_back "$(list)" "Retry-After: 3"
fault expired_token
expect a_session_may_be_over "$(list_error '{}')" ExpiredTokenException
fault deny=NotFound
expect a_denial_has_the_asked_name "$(reject_error "$first_input")" ResourceShareInvitationArnNotFoundException
fault truncate
expect_part an_answer_may_end_in_the_middle "$(list)" "curl: (18)"
fault broken
expect a_broken_answer_lacks_its_end "$(list | tail -c 1)" ']'
fault big
expect_part a_big_answer_is_announced "$(list | grep -a -i content-length)" "1782"
fault empty_pages
expect_part an_empty_page_has_a_token "$(list)" '{"resourceShareInvitations":[],"nextToken":"'
fault repeat_token
token=$(list | sed -n 's/.*"nextToken":"\([^"]*\)".*/\1/p')
expect_part a_token_may_be_repeated "$(list "{\"nextToken\":\"$token\"}")" "\"nextToken\":\"$token\""
fault skew=3600
expect a_signature_from_an_hour_ago_is_refused "$(list_error '{}')" InvalidSignatureException
fault skew=-3600
expect a_signature_from_the_future_is_refused "$(list_error '{}')" InvalidSignatureException
fault skew=240
expect a_signature_within_five_minutes_is_taken "$(status /getresourceshareinvitations '{}')" 200
fault slow=300
before=$(date +%s%N)
list >/dev/null
expect an_answer_may_be_slow "$([ $(($(date +%s%N) - before)) -ge 300000000 ] && echo slow)" slow
fault drop:op=reject
expect_part a_connection_may_be_dropped "$(ask /rejectresourceshareinvitation "$first_input")" "curl: (52)"
fault lost:op=reject:count=1
expect_part an_answer_may_be_lost "$(ask /rejectresourceshareinvitation "$first_input")" "curl: (52)"
expect what_was_lost_was_done "$(reject_error "$first_input")" ResourceShareInvitationAlreadyRejectedException
fault list_lag=60
expect_part a_list_may_lag_behind "$(list "{\"resourceShareInvitationArns\":[\"$first\"]}")" '"status":"PENDING"'
fault late=1:op=reject:count=1
late="{\"resourceShareInvitationArn\":\"$(nth 4)\"}"
expect_part a_late_rejection_is_not_answered "$(ask /rejectresourceshareinvitation "$late")" "curl: (52)"
tries=0
until control ledger | grep -q '"reply":"late"' || [ "$tries" -gt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
fault slow=1
expect what_was_late_was_done_after_all "$(reject_error "$late")" ResourceShareInvitationAlreadyRejectedException

# ---- the command line ----
refused() {
    timeout 10 "$BUILD/spurn-emulator" "$@" >/dev/null 2>"$folder/err"
    echo "$? $(cat "$folder/err")"
}
expect_part an_unknown_fault_is_refused "$(refused --fault gremlin)" "2 spurn-emulator: cannot use fault 'gremlin'"
expect_part an_unknown_option_is_refused "$(refused --gremlin)" "2 spurn-emulator: unknown option"
expect_part other_machines_are_kept_out "$(refused --listen 0.0.0.0:0)" "2 spurn-emulator: cannot listen on 0.0.0.0"
expect_part a_missing_scenario_is_refused "$(refused --scenario "$folder/none.json")" "2 spurn-emulator: cannot read scenario"
kill -TERM "$emulator"
wait "$emulator"
expect it_ends_well_when_told_to "$?" 0
emulator=
finish
