"""Trade fairs: the series, each edition's plan, its programme, and the steps it goes through."""
