# What the package would install.
greet() {
    echo "Hello, $1!"
}
