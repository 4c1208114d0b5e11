npx handlersmith dev --port 3000
