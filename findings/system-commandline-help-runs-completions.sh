#!/bin/sh
# System.CommandLine 3.0.0: an argument's completion source is run by --help, and its answers are printed in place of the argument's name.
#
# An argument with a dynamic CompletionSource (names of files, a query of a service) and no HelpName: "--help" calls the source while it writes the
# usage line, and shows "<answer-a|answer-b>" there instead of "<NAME>", also in the help of the parent, which lists the command beside others. So
# help does whatever the source does, ends with its exception where it throws, and grows with what is there. With HelpName set the source is not called.
# Needs the .NET 10 SDK and NuGet. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > try.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="System.CommandLine" Version="[3.0.0]" /></ItemGroup>
</Project>
X
cat > Program.cs <<'X'
using System.CommandLine;
using System.CommandLine.Completions;

int calls = 0;
Argument<string> Build(string? helpName)
{
    var argument = new Argument<string>("NAME") { HelpName = helpName };
    argument.CompletionSources.Add(_ => { calls++; return [new CompletionItem("answer-a"), new CompletionItem("answer-b")]; });
    return argument;
}
foreach (string? helpName in new[] { null, "NAME" })
{
    calls = 0;
    var root = new RootCommand("try") { new Command("open", "Opens one.") { Build(helpName) } };
    using var text = new StringWriter();
    root.Parse("--help").Invoke(new InvocationConfiguration { Output = text });
    string line = text.ToString().Split('\n').First(l => l.TrimStart().StartsWith("open")).Trim();
    Console.WriteLine($"HelpName {(helpName is null ? "unset" : "set")}: source called {(calls > 0 ? "yes" : "no")}: {string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))}");
}
X
dotnet run -v q 2>&1 | tee seen.txt
cat > expected.txt <<'X'
HelpName unset: source called yes: open <answer-a|answer-b> Opens one.
HelpName set: source called no: open <NAME> Opens one.
X
diff expected.txt seen.txt
