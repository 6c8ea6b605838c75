from trustvoice.cli.main import main

main()
