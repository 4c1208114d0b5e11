npm init --yes --init-type=module
npm install /tmp/handlersmith/handlersmith-0.1.0.tgz zod
npm install --save-dev /tmp/handlersmith/handlersmith-testing-0.1.0.tgz \
  /tmp/handlersmith/handlersmith-local-0.1.0.tgz @types/node
