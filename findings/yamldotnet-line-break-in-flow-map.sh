#!/bin/sh
# YamlDotNet 18.1.0: a line break between the entries of a flow map ends some documents in an InvalidOperationException, which is no YamlException.
#
# "id: {a: b,\nc: d}" with the second line at the margin: YAML 1.2 wants lines of a flow collection inside a block mapping indented, other readers
# differ on it; here the scanner itself breaks ("Operation is not valid due to the current state of the object") instead of naming line and column.
# With one space before "c" the same document is read. Whoever catches YamlException to report a wrong file lets this one through.
# Needs the .NET 10 SDK and NuGet. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > try.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="YamlDotNet" Version="[18.1.0]" /></ItemGroup>
</Project>
X
cat > Program.cs <<'X'
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

foreach (string text in new[] { "id: {a: b, c: d}", "id: {a: b,\n c: d}", "id: {a: b,\nc: d}" })
{
    string seen;
    try
    {
        new YamlStream().Load(new StringReader(text));
        seen = "read";
    }
    catch (Exception e)
    {
        seen = $"{e.GetType().Name}, {(e is YamlException ? "a" : "no")} YamlException";
    }
    Console.WriteLine($"{text.Replace("\n", "\\n")}: {seen}");
}
X
dotnet run -v q 2>&1 | tee seen.txt
cat > expected.txt <<'X'
id: {a: b, c: d}: read
id: {a: b,\n c: d}: read
id: {a: b,\nc: d}: InvalidOperationException, no YamlException
X
diff expected.txt seen.txt
