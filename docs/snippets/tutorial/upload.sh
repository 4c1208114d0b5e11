curl -i 'http://127.0.0.1:3000/photos?name=cat.jpg' \
  -H 'idempotency-key: first' --data-binary @cat.jpg
