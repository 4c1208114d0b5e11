npx --yes pnpm@12.21.0 run build
npx --yes pnpm@12.21.0 -r --filter './packages/*' \
  pack --pack-destination /tmp/handlersmith
