head -c 1000 cat.jpg > half.jpg
curl -i 'http://127.0.0.1:3000/photos?name=half.jpg' \
  -H 'idempotency-key: half' --data-binary @half.jpg
