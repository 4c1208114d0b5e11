npm install @aws-sdk/client-s3 @aws-sdk/client-dynamodb
npm install @aws-sdk/s3-request-presigner # for uploads from the browser
