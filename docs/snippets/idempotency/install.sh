npm pkg set 'overrides.@aws-lambda-powertools/jmespath=2.35.0'
npm install @aws-lambda-powertools/idempotency@2.35.0 @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb
