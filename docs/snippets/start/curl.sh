curl -i http://127.0.0.1:3000/items \
  -H 'content-type: application/json' -d '{"name":"lamp","price":25}'
