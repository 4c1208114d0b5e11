npm init --yes --init-type=module
npm pkg set 'overrides.@aws-lambda-powertools/jmespath=2.35.0'
npm install /tmp/handlersmith/handlersmith-0.1.0.tgz zod sharp \
  @aws-lambda-powertools/idempotency@2.35.0 \
  @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb \
  @aws-sdk/client-s3 @aws-sdk/client-sqs @aws-sdk/client-sesv2
npm install --save-dev /tmp/handlersmith/handlersmith-cli-0.1.0.tgz \
  /tmp/handlersmith/handlersmith-local-0.1.0.tgz \
  /tmp/handlersmith/handlersmith-testing-0.1.0.tgz
