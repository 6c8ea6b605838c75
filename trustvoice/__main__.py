from trustvoice.cli import main

main()
