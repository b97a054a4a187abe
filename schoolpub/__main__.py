"""`python -m schoolpub` is the command `schoolpub`."""

from schoolpub.cli import main

if __name__ == "__main__":
    main()
