"""sdk.py URL THREADS COUNT - lists and rejects COUNT invitations with boto3, as its guide shows, with a pool as large as its threads."""
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

url, threads, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
config = Config(max_pool_connections=threads, retries={"max_attempts": 1})
ram = boto3.client("ram", region_name="us-east-1", endpoint_url=url, config=config)

arns = []
for page in ram.get_paginator("get_resource_share_invitations").paginate():
    arns += [invitation["resourceShareInvitationArn"] for invitation in page["resourceShareInvitations"]]
    if len(arns) >= count:
        break


def reject(arn):
    answer = ram.reject_resource_share_invitation(resourceShareInvitationArn=arn)
    assert answer["resourceShareInvitation"]["status"] == "REJECTED"


if threads == 1:
    for arn in arns[:count]:
        reject(arn)
else:
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(reject, arns[:count]):
            pass
