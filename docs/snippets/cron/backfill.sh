aws lambda invoke --function-name nightly-report --cli-binary-format raw-in-base64-out \
  --payload '{ "slot": "2026-11-01T01:00:00Z" }' /dev/stdout
