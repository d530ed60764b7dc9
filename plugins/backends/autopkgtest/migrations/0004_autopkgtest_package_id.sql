drop table autopkgtest_package;
