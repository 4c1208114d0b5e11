esbuild src/handler.ts --bundle --minify --platform=node --target=node24 --format=esm --main-fields=module,main --sourcemap=linked --outfile=dist/handler.mjs
