@main
struct Vestibule {
    static func main() {}
}
