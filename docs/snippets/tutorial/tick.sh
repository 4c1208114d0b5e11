npx handlersmith tick Nightly
