esbuild src/handler.ts --bundle --minify --platform=node --target=node24 --format=esm \
  --main-fields=module,main --sourcemap=linked --outfile=dist/handler.mjs \
  --banner:js="import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
