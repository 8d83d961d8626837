/* not the sign-in script */
