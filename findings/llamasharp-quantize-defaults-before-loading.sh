#!/bin/sh
# LLamaSharp 0.30.0: its quantiser cannot be the first thing that a program asks for.
#
# Its native library lies in runtimes/SYSTEM/native/KIND, one for each kind of vectors, and is found by a resolver that the static constructor of
# NativeApi installs. LLamaQuantizer.Quantize begins with LLamaModelQuantizeParams.Default(), which calls into the library by an import of its own and does
# not run that constructor. In a program that only writes a file in another type, that is the first call: it ends in DllNotFoundException that speaks of
# "llama" and of folders in which the library was never put, as if the package of the backend were missing, before the file is looked at. After any
# call of NativeApi, such as llama_empty_call, the same line works.
# Needs the .NET 10 SDK and NuGet. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
cat > try.csproj <<'X2'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="LLamaSharp" Version="0.30.0" />
    <PackageReference Include="LLamaSharp.Backend.Cpu" Version="0.30.0" />
  </ItemGroup>
</Project>
X2
cat > try.cs <<'X2'
using LLama;
using LLama.Native;

string Try(Func<string> call)
{
    try
    {
        return call();
    }
    catch (DllNotFoundException e)
    {
        return $"{e.GetType().Name}, of 'llama': {e.Message.Contains("'llama'")}";
    }
}
string Defaults() => Try(() => $"threads {LLamaModelQuantizeParams.Default().nthread}, requantise {LLamaModelQuantizeParams.Default().allow_requantize}");

// A GGUF file of version 3 that holds its architecture's name and no tensor.
using (var file = new BinaryWriter(File.Create("model.gguf")))
{
    void Text(string text) { file.Write((long)text.Length); file.Write(text.ToCharArray()); }
    file.Write("GGUF".ToCharArray());
    file.Write(3);
    file.Write(0L);
    file.Write(1L);
    Text("general.architecture");
    file.Write(8);
    Text("llama");
}
Console.WriteLine($"the quantiser first: {Try(() => $"{LLamaQuantizer.Quantize("model.gguf", "other.gguf", "q8_0")}")}");
Console.WriteLine($"its defaults first: {Defaults()}");
NativeApi.llama_empty_call();
Console.WriteLine($"after another call: {Defaults()}");
X2
dotnet build -v q -o bin > build.log 2>&1 || { cat build.log; exit 1; }
dotnet bin/try.dll 2> /dev/null | tee seen.txt
cat > expected.txt <<'X2'
the quantiser first: DllNotFoundException, of 'llama': True
its defaults first: DllNotFoundException, of 'llama': True
after another call: threads 0, requantise False
X2
diff expected.txt seen.txt
