-- The demo's configuration. run.sh puts the emulator's addresses in place of AWS, HANGZHOU and SINGAPORE.
journal = "spurn.db"

aws     { label = "production", profile = "production", account = "111122223333",
          regions = { "us-east-1", "eu-west-1" }, endpoint = "AWS" }
aws     { label = "sandbox", profile = "sandbox", account = "012345678901",
          regions = { "us-east-1" }, endpoint = "AWS" }
alibaba { label = "asia", account = "1234567890123456", regions = { "cn-hangzhou" }, endpoint = "HANGZHOU" }
alibaba { label = "asia", account = "1234567890123456", regions = { "ap-southeast-1" }, endpoint = "SINGAPORE" }

policy "policy.lua"
